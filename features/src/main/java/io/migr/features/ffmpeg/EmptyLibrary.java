package io.migr.features.ffmpeg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes a shared library that defines no symbols, as an ELF file. FFmpeg's programs are linked against sound server
 * and display libraries that servers do not have and that decoding a file never calls. With an empty library in their
 * place the programs start, because functions are bound when they are first called.
 */
final class EmptyLibrary {
    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int SYMBOL = 24;
    private static final int DYNAMIC_ENTRY = 16;

    private EmptyLibrary() {}

    /**
     * The bytes of the file.
     *
     * @param name the library's soname, e.g. {@code libpulse.so.0}
     * @param machine ELF machine number: 62 for x86-64, 183 for AArch64
     */
    static byte[] elf64(String name, int machine) {
        byte[] text = ("\0" + name + "\0").getBytes(StandardCharsets.US_ASCII);
        int hash = HEADER + 3 * PROGRAM_HEADER;
        int symbols = hash + 24;
        int strings = symbols + SYMBOL;
        int dynamic = (strings + text.length + 15) / 16 * 16;
        long[][] entries = {{14, 1}, {4, hash}, {5, strings}, {6, symbols}, {10, text.length}, {11, SYMBOL}, {0, 0}};
        int size = dynamic + entries.length * DYNAMIC_ENTRY;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        elf.putShort((short) 3).putShort((short) machine).putInt(1).putLong(0);
        elf.putLong(HEADER).putLong(0).putInt(0);
        elf.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 3);
        elf.position(HEADER);
        segment(elf, 1, 6, 0, size, 0x10000); // the whole file, readable and writable
        segment(elf, 2, 6, dynamic, size - dynamic, 8); // the dynamic section
        segment(elf, 0x6474e551, 6, 0, 0, 16); // a stack that is not executable
        elf.position(hash);
        elf.putInt(1).putInt(1).putInt(0).putInt(0); // one bucket, one chain, no symbol
        elf.position(strings);
        elf.put(text);
        elf.position(dynamic);
        for (long[] entry : entries) {
            elf.putLong(entry[0]).putLong(entry[1]);
        }
        return elf.array();
    }

    private static void segment(ByteBuffer elf, int type, int flags, long offset, long size, long align) {
        elf.putInt(type).putInt(flags).putLong(offset).putLong(offset).putLong(offset);
        elf.putLong(size).putLong(size).putLong(align);
    }
}
