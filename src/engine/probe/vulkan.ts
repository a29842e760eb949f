import type { CardKind, DriverCard } from '../../core/devices';
import { openLibrary } from './native-library';

/** The names of Vulkan's loader (Vulkan-Loader, docs/LoaderApplicationInterface.md). */
const LOADERS: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'libvulkan.so.1',
  win32: 'vulkan-1.dll',
};

const VK_STRUCTURE_TYPE_APPLICATION_INFO = 0;
const VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO = 1;
const VK_INCOMPLETE = 5;
/** 1.0 is enough for what is asked. */
const VK_API_VERSION = 1 << 22;
const VK_MEMORY_HEAP_DEVICE_LOCAL_BIT = 1;

/** VkPhysicalDeviceType. */
const KINDS: Readonly<Record<number, CardKind>> = {
  1: 'integrated',
  2: 'discrete',
  3: 'virtual',
  4: 'software',
};

/** Where the fields are that are read here, in bytes from the start (Vulkan's vulkan_core.h, on 64 bits). */
const PROPERTIES = { bytes: 824, deviceType: 16, deviceName: 20, deviceNameBytes: 256 };
const MEMORY = { bytes: 520, heapCount: 260, heaps: 264, heapBytes: 16, heapFlags: 8 };

const MOST_CARDS = 16;
const POINTER_BYTES = 8;

/**
 * The graphics cards that Vulkan's drivers have, as they name them. ONNX Runtime does not say which card it computes
 * on, so the drivers are asked.
 * @returns none where there is no loader or no driver, and on macOS
 * @throws Error where the loader is broken
 */
export async function vulkanCards(): Promise<readonly DriverCard[]> {
  const loader = LOADERS[process.platform];
  const opened = loader === undefined ? undefined : await openLibrary(loader);
  if (!opened) return [];
  const { koffi, library } = opened;
  const application = koffi.struct('VkApplicationInfo', {
    sType: 'int',
    pNext: 'void *',
    pApplicationName: 'const char *',
    applicationVersion: 'uint32_t',
    pEngineName: 'const char *',
    engineVersion: 'uint32_t',
    apiVersion: 'uint32_t',
  });
  koffi.struct('VkInstanceCreateInfo', {
    sType: 'int',
    pNext: 'void *',
    flags: 'uint32_t',
    pApplicationInfo: koffi.pointer(application),
    enabledLayerCount: 'uint32_t',
    ppEnabledLayerNames: 'void *',
    enabledExtensionCount: 'uint32_t',
    ppEnabledExtensionNames: 'void *',
  });
  const createInstance = library.func(
    'int vkCreateInstance(const VkInstanceCreateInfo *info, void *allocator, _Out_ void **instance)',
  );
  const enumerate = library.func(
    'int vkEnumeratePhysicalDevices(void *instance, _Inout_ uint32_t *count, void *devices)',
  );
  const getProperties = library.func(
    'void vkGetPhysicalDeviceProperties(void *device, void *properties)',
  );
  const getMemory = library.func(
    'void vkGetPhysicalDeviceMemoryProperties(void *device, void *memory)',
  );
  const destroyInstance = library.func('void vkDestroyInstance(void *instance, void *allocator)');

  const instance: [unknown] = [null];
  const info = {
    sType: VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO,
    pApplicationInfo: {
      sType: VK_STRUCTURE_TYPE_APPLICATION_INFO,
      pApplicationName: 'Easel',
      apiVersion: VK_API_VERSION,
    },
  };
  if (createInstance(info, null, instance) !== 0) return [];
  try {
    const count: [number] = [MOST_CARDS];
    const list = Buffer.alloc(MOST_CARDS * POINTER_BYTES);
    const result = enumerate(instance[0], count, list) as number;
    if (result !== 0 && result !== VK_INCOMPLETE) return [];
    return Array.from({ length: count[0] }, (_, index) => {
      const card: unknown = koffi.decode(list, index * POINTER_BYTES, 'void *');
      const properties = Buffer.alloc(PROPERTIES.bytes);
      const memory = Buffer.alloc(MEMORY.bytes);
      getProperties(card, properties);
      getMemory(card, memory);
      return readCard(properties, memory);
    });
  } finally {
    destroyInstance(instance[0], null);
  }
}

/** @param properties VkPhysicalDeviceProperties @param memory VkPhysicalDeviceMemoryProperties */
function readCard(properties: Buffer, memory: Buffer): DriverCard {
  const { deviceName, deviceNameBytes, deviceType } = PROPERTIES;
  const name = properties.toString('utf8', deviceName, deviceName + deviceNameBytes);
  const heaps = Array.from({ length: memory.readUInt32LE(MEMORY.heapCount) }, (_, index) => {
    const at = MEMORY.heaps + index * MEMORY.heapBytes;
    const isOwn =
      (memory.readUInt32LE(at + MEMORY.heapFlags) & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) > 0;
    return isOwn ? Number(memory.readBigUInt64LE(at)) : 0;
  });
  return {
    name: name.slice(0, name.indexOf('\0')),
    // "Other" is no kind that ONNX Runtime would prefer.
    kind: KINDS[properties.readUInt32LE(deviceType)] ?? 'virtual',
    memoryBytes: Math.max(0, ...heaps),
  };
}
