import { cpus, totalmem } from 'node:os';
import {
  cardSource,
  preferredCard,
  type CardSource,
  type DeviceName,
  type DriverCard,
  type GraphicsCard,
} from '../../core/devices';
import { nvidiaCards } from './nvidia';
import { vulkanCards } from './vulkan';

const SOURCES: Readonly<
  Record<CardSource['from'], () => Promise<readonly DriverCard[]> | readonly DriverCard[]>
> = {
  vulkan: vulkanCards,
  nvidia: nvidiaCards,
  apple: appleCards,
};

/**
 * The card that a device computes on. Call it in the process of a trial: a broken driver can end its process.
 * @returns undefined where the device is no card, and where nobody knows
 */
export async function cardOf(device: DeviceName): Promise<GraphicsCard | undefined> {
  const source = cardSource(device, process.platform, process.arch);
  if (!source) return undefined;
  try {
    const card = preferredCard(await SOURCES[source.from]());
    return card && { ...card, through: source.through };
  } catch {
    // A name is no reason for a device not to work.
    return undefined;
  }
}

/** Apple's chips have the processor and the graphics in one, with one name and one memory. */
function appleCards(): readonly DriverCard[] {
  const [chip] = cpus();
  if (!chip) return [];
  return [{ name: chip.model, kind: 'integrated', memoryBytes: totalmem() }];
}
