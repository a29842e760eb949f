import { randomBytes } from 'node:crypto';

/** A drawn image that a link leads to. */
export interface KeptImage {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
}

/** How long a link works. */
const LIFE_MS = 10 * 60_000;
/** All kept images together; the oldest go first. */
const MAX_BYTES = 64 * 2 ** 20;

/** The images behind `response_format: url`, in memory. Who knows the link may read it: it cannot be guessed. */
export class KeptImages {
  private readonly images = new Map<string, KeptImage & { readonly endsAt: number }>();
  private bytes = 0;

  /** @param clock milliseconds of a steady clock */
  constructor(
    private readonly clock: () => number = () => performance.now(),
    private readonly maxBytes = MAX_BYTES,
  ) {}

  /** @returns the name of the image in its link */
  keep(image: KeptImage): string {
    const name = randomBytes(24).toString('base64url');
    this.images.set(name, { ...image, endsAt: this.clock() + LIFE_MS });
    this.bytes += image.bytes.byteLength;
    this.dropOld();
    return name;
  }

  /** Undefined for a link that was never given, or has ended. */
  find(name: string): KeptImage | undefined {
    this.dropOld();
    return this.images.get(name);
  }

  private dropOld(): void {
    const now = this.clock();
    for (const [name, { bytes, endsAt }] of this.images) {
      const isLast = this.images.size === 1;
      if (endsAt > now && (this.bytes <= this.maxBytes || isLast)) break;
      this.images.delete(name);
      this.bytes -= bytes.byteLength;
    }
  }
}
