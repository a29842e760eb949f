import type { DeviceSupport } from './profile';

/**
 * ONNX Runtime's parts for CUDA on Linux.
 *
 * The installer of onnxruntime-node takes them from the NuGet package Microsoft.ML.OnnxRuntime.Gpu.Linux, which is
 * for CUDA 12. Its checksum could not be verified, so it is not offered. The wheel onnxruntime-gpu of the same version
 * is built of the same commit (both libraries name f2c39fe2f in their build information), its checksum is the one that
 * the Python Package Index publishes, and its parts load into onnxruntime-node's library. It is for CUDA 13.
 */
export const cudaSupport = {
  runtimeVersion: '1.30.0',
  runtimeLibrary: 'libonnxruntime.so.1',
  archive: {
    project: 'onnxruntime-gpu',
    path: 'onnxruntime_gpu-1.30.0-cp311-cp311-manylinux_2_28_x86_64.whl',
    url: 'https://files.pythonhosted.org/packages/ea/71/b225bd559a718f6cefb058d4f4c4c95e556543f47d4be0e81819681ac347/onnxruntime_gpu-1.30.0-cp311-cp311-manylinux_2_28_x86_64.whl',
    bytes: 246_658_419,
    sha256: '4fbf0c5d7b5fb99266c2e8a802e3e64af68bdc383e0f3c7349b985f1087eedaa',
  },
  parts: [
    {
      path: 'onnxruntime/capi/libonnxruntime_providers_shared.so',
      bytes: 14_632,
      sha256: '086ec1d5388f64153d9c63470d126693db9a182c8ce236d3a1119068471b8a0d',
    },
    {
      path: 'onnxruntime/capi/libonnxruntime_providers_cuda.so',
      bytes: 272_049_904,
      sha256: '9d7587acb137b31bf84e4d32dc444b969bb601d098b01395effcacfe4341e364',
    },
  ],
  driver: {
    label: 'NVIDIA driver',
    library: 'libcuda.so.1',
    // The devices of the kernel and of WSL. nvidia-modprobe makes the first when a program uses the card.
    files: ['/dev/nvidiactl', '/dev/dxg', '/proc/driver/nvidia', '/usr/bin/nvidia-modprobe'],
    versionFile: '/sys/module/nvidia/version',
    // CUDA 13 (CUDA Compatibility, "Minor Version Compatibility").
    oldest: 580,
  },
  librariesLabel: 'CUDA 13 and cuDNN 9',
  // What the part for CUDA names (readelf -d) and what it loads when it runs; cuDNN compiles some kernels with NVRTC.
  // The requirements are those of the wheel's own extras "cuda" and "cudnn".
  libraries: [
    { file: 'libcudart.so.13', pip: 'nvidia-cuda-runtime~=13.0' },
    { file: 'libcublasLt.so.13', pip: 'nvidia-cublas~=13.0' },
    { file: 'libcublas.so.13', pip: 'nvidia-cublas~=13.0' },
    { file: 'libcurand.so.10', pip: 'nvidia-curand~=10.0' },
    { file: 'libnvrtc.so.13', pip: 'nvidia-cuda-nvrtc~=13.0', isOptional: true },
    {
      file: 'libcudnn.so.9',
      pip: 'nvidia-cudnn-cu13~=9.0',
      // PyTorch for CUDA 12 brings one that goes with CUDA 12.
      madeFor: { right: 'libcublas.so.13', wrong: 'libcublas.so.12' },
    },
  ],
} as const satisfies DeviceSupport;
