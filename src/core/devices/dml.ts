import type { DeviceProfile } from './profile';

/** Graphics cards of every maker on Windows. */
export const dml = {
  name: 'dml',
  label: 'DirectML',
  platforms: [{ os: 'win32', packageFiles: ['DirectML.dll'] }],
  tryOrder: 20,
  isFallback: false,
  executionProviders: ['dml', 'cpu'],
  session: { graphOptimizationLevel: 'extended' },
  preparedWeights: 'all',
  precisions: ['full', 'half'],
  attention: 'fused',
  quirks: {
    hasQuickGelu: true,
    needsPaddedChannels: false,
    hasPreciseSine: false,
    gathersStoredRows: false,
    // DirectML does not say how its kernels add.
    addsInFloat32: false,
  },
  failures: [],
  // E_OUTOFMEMORY
  outOfMemory: ['8007000E'],
} as const satisfies DeviceProfile;
