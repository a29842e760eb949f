import type { DriverCard } from '../../core/devices';
import { openLibrary } from './native-library';

/** The driver's library that nvidia-smi asks, too (NVML). */
const LIBRARY = 'libnvidia-ml.so.1';
const SUCCESS = 0;
/** NVML_DEVICE_NAME_V2_BUFFER_SIZE */
const NAME_BYTES = 96;
/** nvmlMemory_t: total, free and used, each a 64-bit number. */
const MEMORY_BYTES = 24;

/**
 * The NVIDIA cards as their driver names them, the one with the most memory first. CUDA takes the fastest one that
 * CUDA_VISIBLE_DEVICES leaves, and NVML does not know that variable: with several cards it may be another one.
 * @returns none where there is no driver
 * @throws Error where the driver's library is another one than expected
 */
export async function nvidiaCards(): Promise<readonly DriverCard[]> {
  const opened = await openLibrary(LIBRARY);
  if (!opened) return [];
  const { library } = opened;
  const init = library.func('int nvmlInit_v2()');
  const getCount = library.func('int nvmlDeviceGetCount_v2(_Out_ uint32_t *count)');
  const getDevice = library.func(
    'int nvmlDeviceGetHandleByIndex_v2(uint32_t index, _Out_ void **device)',
  );
  const getName = library.func('int nvmlDeviceGetName(void *device, void *name, uint32_t length)');
  const getMemory = library.func('int nvmlDeviceGetMemoryInfo(void *device, void *memory)');
  const shutdown = library.func('int nvmlShutdown()');
  if (init() !== SUCCESS) return [];
  try {
    const count: [number] = [0];
    if (getCount(count) !== SUCCESS) return [];
    const cards = Array.from({ length: count[0] }, (_, index): readonly DriverCard[] => {
      const device: [unknown] = [null];
      const name = Buffer.alloc(NAME_BYTES);
      const memory = Buffer.alloc(MEMORY_BYTES);
      if (getDevice(index, device) !== SUCCESS) return [];
      if (getName(device[0], name, NAME_BYTES) !== SUCCESS) return [];
      if (getMemory(device[0], memory) !== SUCCESS) return [];
      const card = {
        name: name.toString('utf8', 0, name.indexOf(0)),
        kind: 'discrete',
        memoryBytes: Number(memory.readBigUInt64LE(0)),
        freeBytes: Number(memory.readBigUInt64LE(8)),
      } as const;
      return [card];
    });
    return cards.flat().sort((a, b) => b.memoryBytes - a.memoryBytes);
  } finally {
    shutdown();
  }
}
