import { describeBytes } from '../quantities';

/** What computes behind a device: a graphics card, or a program in the place of one. */
export interface GraphicsCard extends DriverCard {
  /** The interface that leads to it. */
  readonly through: string;
}

/** A card as a driver describes it. */
export interface DriverCard {
  /** As its driver names it. */
  readonly name: string;
  readonly kind: CardKind;
  /** Of its own; of an integrated card, the part of the machine's memory that it may use. */
  readonly memoryBytes: number;
  /** Not used by any program, a moment ago. Absent where the driver does not say. */
  readonly freeBytes?: number;
}

/**
 * `virtual` is a card of the host that a virtual machine uses; `software` is a driver that computes on the processor.
 * From the most to the least preferred.
 */
export const CARD_KINDS = ['discrete', 'integrated', 'virtual', 'software'] as const;
export type CardKind = (typeof CARD_KINDS)[number];

/** The card that ONNX Runtime takes of several: it asks for the one with the highest performance. */
export function preferredCard(cards: readonly DriverCard[]): DriverCard | undefined {
  return [...cards].sort((a, b) => CARD_KINDS.indexOf(a.kind) - CARD_KINDS.indexOf(b.kind))[0];
}

/** What a trial found: the card, where it is known, and its words for how fast it is or why it does not work. */
export function describeFinding({
  card,
  detail,
}: {
  readonly card?: GraphicsCard;
  readonly detail: string;
}): string {
  return card ? `${describeCard(card)}: ${detail}` : detail;
}

/** A device's name, with the card's where it is known. */
export function withCard(name: string, card: Pick<GraphicsCard, 'name'> | undefined): string {
  return card ? `${name} (${card.name})` : name;
}

/** Its name, the way to it and its memory, for messages: "NVIDIA H100 through Vulkan, 80 GB". */
export function describeCard({ name, kind, through, memoryBytes }: GraphicsCard): string {
  const way = `${name} through ${through}`;
  return kind === 'software'
    ? `${way}, a driver in software and no card`
    : `${way}, ${describeBytes(memoryBytes)}`;
}
