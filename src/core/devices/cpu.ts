import type { DeviceProfile } from './profile';

/** The processor: ONNX Runtime's own kernels (MLAS). */
export const cpu = {
  name: 'cpu',
  label: 'CPU',
  platforms: 'any',
  tryOrder: 100,
  isFallback: true,
  executionProviders: ['cpu'],
  // Without memory patterns the arena holds half a gigabyte less and takes no longer.
  session: { graphOptimizationLevel: 'all', enableMemPattern: false },
  preparedWeights: 'often-used',
  // Without half: ONNX Runtime casts around most float16 operators here, which is slower.
  precisions: ['full', 'int8'],
  attention: 'fused',
  quirks: {
    hasGelu: true,
    hasQuickGelu: true,
    needsPaddedChannels: false,
    hasPreciseSine: true,
    gathersStoredRows: true,
    addsInFloat32: false,
    // Few enough to stay in the cache, enough to be worth reading all weights for.
    cachedRows: 512,
  },
  failures: [],
  outOfMemory: [],
} as const satisfies DeviceProfile;
