package ai.djl.pytorch.jni;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * TorchScript written as text, packed into torch's archive format and run with autograd.
 *
 * <p>It is in DJL's package because only {@code moduleRunMethod(..., isTrain = true, ...)} keeps autograd active:
 * DJL's public methods pass {@code false} and therefore run in inference mode. Thread-safe.
 */
public final class TorchScript implements AutoCloseable {
    private final long handle;

    /**
     * Compiles the text.
     *
     * @param functions definitions of functions whose first parameter is {@code self}
     * @param attributes integers that the functions read as {@code (self).name}
     */
    public TorchScript(NDManager manager, String functions, Map<String, Long> attributes) {
        try {
            handle = JniUtils.loadModuleHandle(
                    new ByteArrayInputStream(archive(functions, attributes)), manager.getDevice(), false, false);
        } catch (IOException e) {
            throw new IllegalStateException("The kernel text could not be packed: " + e.getMessage(), e);
        }
        PyTorchLibrary.LIB.moduleTrain(handle);
    }

    /**
     * Runs a method. Results belong to {@code owner}.
     *
     * @param arguments NDArray, NDArray[], Long, Integer, Double, Boolean
     * @return the result tensors; empty for a method that returns none
     */
    public NDArray[] call(NDManager owner, String method, Object... arguments) {
        long[] handles = new long[arguments.length];
        long result;
        int ready = 0;
        try {
            for (; ready < arguments.length; ready++) {
                handles[ready] = value(arguments[ready]);
            }
            result = PyTorchLibrary.LIB.moduleRunMethod(handle, method, handles, true, false);
        } finally {
            for (int i = 0; i < ready; i++) {
                PyTorchLibrary.LIB.torchDeleteIValue(handles[i]);
            }
        }
        try {
            return arrays((PtNDManager) owner, result);
        } finally {
            PyTorchLibrary.LIB.torchDeleteIValue(result);
        }
    }

    private static long value(Object argument) {
        if (argument instanceof PtNDArray array) {
            return PyTorchLibrary.LIB.iValueFromTensor(array.getHandle());
        }
        if (argument instanceof NDArray[] list) {
            long[] tensors = new long[list.length];
            for (int i = 0; i < list.length; i++) {
                tensors[i] = ((PtNDArray) list[i]).getHandle();
            }
            return PyTorchLibrary.LIB.iValueFromTensorList(tensors);
        }
        if (argument instanceof Boolean flag) {
            return PyTorchLibrary.LIB.iValueFromBool(flag);
        }
        if (argument instanceof Double number) {
            return PyTorchLibrary.LIB.iValueFromDouble(number);
        }
        if (argument instanceof Integer || argument instanceof Long) {
            return PyTorchLibrary.LIB.iValueFromLong(((Number) argument).longValue());
        }
        throw new IllegalArgumentException("A kernel takes tensors, longs, doubles and booleans, not " + argument);
    }

    private static NDArray[] arrays(PtNDManager owner, long result) {
        if (PyTorchLibrary.LIB.iValueIsTensor(result)) {
            return new NDArray[] {new PtNDArray(owner, PyTorchLibrary.LIB.iValueToTensor(result))};
        }
        if (!PyTorchLibrary.LIB.iValueIsTensorList(result)) {
            return new NDArray[0];
        }
        long[] tensors = PyTorchLibrary.LIB.iValueToTensorList(result);
        NDArray[] arrays = new NDArray[tensors.length];
        for (int i = 0; i < tensors.length; i++) {
            arrays[i] = new PtNDArray(owner, tensors[i]);
        }
        return arrays;
    }

    @Override
    public void close() {
        PyTorchLibrary.LIB.torchDeleteModule(handle);
    }

    private static byte[] archive(String functions, Map<String, Long> attributes) throws IOException {
        StringBuilder code =
                new StringBuilder("class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n");
        attributes.keySet().forEach(name -> code.append("  ").append(name).append(" : int\n"));
        code.append(functions.indent(2));
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            store(zip, "m/data.pkl", pickledModule(attributes));
            store(zip, "m/code/__torch__.py", code.toString().getBytes(StandardCharsets.UTF_8));
            store(zip, "m/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "m/version", "10\n".getBytes(StandardCharsets.US_ASCII));
        }
        return archive.toByteArray();
    }

    /** {@code __torch__.M} with training = True and the attributes, as pickle protocol 2. */
    private static byte[] pickledModule(Map<String, Long> attributes) {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2});
        pickle.writeBytes("c__torch__\nM\n".getBytes(StandardCharsets.US_ASCII));
        pickle.writeBytes(new byte[] {'q', 0, ')', (byte) 0x81, '}', '('});
        pickle.writeBytes(pickledName("training"));
        pickle.write(0x88);
        attributes.forEach((name, value) -> {
            pickle.writeBytes(pickledName(name));
            pickle.write('J');
            pickle.writeBytes(littleEndian(Math.toIntExact(value)));
        });
        pickle.writeBytes(new byte[] {'u', 'b', '.'});
        return pickle.toByteArray();
    }

    private static byte[] pickledName(String name) {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write('X');
        pickle.writeBytes(littleEndian(name.length()));
        pickle.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        return pickle.toByteArray();
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        CRC32 checksum = new CRC32();
        checksum.update(bytes);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
