/**
 * One class in DJL's own package: {@link ai.djl.pytorch.jni.TorchScript} needs a package-private native
 * call. Nothing else belongs here.
 */
package ai.djl.pytorch.jni;
