package io.migr.perception.face;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads float32 arrays in numpy's format: the first dimension as rows, the others flat. */
final class Npy {
    private static final Pattern SHAPE = Pattern.compile("'descr': '<f4', 'fortran_order': False, 'shape': \\((\\d+),");

    private Npy() {}

    static float[][] read(InputStream in) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        int header = bytes.getShort(8);
        String text = new String(bytes.array(), 10, header, StandardCharsets.US_ASCII);
        Matcher shape = SHAPE.matcher(text);
        if (!shape.find()) {
            throw new IOException("Not a float32 array in C order: " + text);
        }
        float[][] rows = new float[Integer.parseInt(shape.group(1))][];
        bytes.position(10 + header);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[bytes.remaining() / 4 / (rows.length - i)];
            bytes.asFloatBuffer().get(rows[i]);
            bytes.position(bytes.position() + 4 * rows[i].length);
        }
        return rows;
    }
}
