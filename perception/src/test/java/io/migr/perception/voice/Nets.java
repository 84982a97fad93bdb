package io.migr.perception.voice;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;

/** The parts that run native code, for tests that look at them alone. */
final class Nets implements AutoCloseable {
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final Kernels kernels = new Kernels(manager);
    final SileroVad vad = new SileroVad(manager, kernels);
    final FrameMeter meter = new FrameMeter(manager, kernels);

    Nets() {
        Kernels.recordGradients(false);
    }

    /** The path of a sound's fundamental frequency, with hum removed. */
    PitchPath pitch(float[] samples) {
        return PitchPath.of(
                meter.correlation(HighPass.filtered(MainsHum.removed(samples).samples())));
    }

    @Override
    public void close() {
        kernels.close();
        manager.close();
        Kernels.recordGradients(true);
    }
}
