import type { DeviceName } from '../../core/request/request';

/** Devices that ONNX Runtime's Node builds can have on a platform, the one usually fastest first. */
export function candidateDevices(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): readonly DeviceName[] {
  switch (platform) {
    case 'linux':
      return arch === 'x64' ? ['cuda', 'webgpu', 'cpu'] : ['cpu'];
    case 'win32':
      return ['dml', 'webgpu', 'cpu'];
    case 'darwin':
      return ['webgpu', 'coreml', 'cpu'];
    default:
      return ['cpu'];
  }
}
