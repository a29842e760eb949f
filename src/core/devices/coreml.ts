import type { DeviceProfile } from './profile';

/** Apple's graphics and neural processors. */
export const coreml = {
  name: 'coreml',
  label: 'Core ML',
  platforms: [{ os: 'darwin' }],
  tryOrder: 40,
  isFallback: false,
  executionProviders: ['coreml', 'cpu'],
  session: { graphOptimizationLevel: 'extended' },
  preparedWeights: 'all',
  precisions: ['full', 'half'],
  // It has no kernels for com.microsoft's MultiHeadAttention and QuickGelu.
  attention: 'plain',
  quirks: {
    hasQuickGelu: false,
    needsPaddedChannels: false,
    hasPreciseSine: false,
    gathersStoredRows: false,
    // Core ML does not say how its kernels add.
    addsInFloat32: false,
  },
  failures: [],
  // Card and processor share the memory: without any, the process ends.
  outOfMemory: [],
} as const satisfies DeviceProfile;
