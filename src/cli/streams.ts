/**
 * Standard output and standard error. Either may be closed (`| head -1`), full (/dev/full) or gone with its
 * terminal at any time. That never ends the work: an image is still drawn and saved.
 */
class SafeStream {
  private broken: NodeJS.ErrnoException | undefined;

  constructor(private readonly stream: NodeJS.WriteStream) {
    stream.on('error', (error: NodeJS.ErrnoException) => (this.broken ??= error));
  }

  get isTTY(): boolean {
    return this.stream.isTTY;
  }

  /** Why text was lost; undefined where all was written, or where the reader did not want more. */
  get failure(): NodeJS.ErrnoException | undefined {
    return this.broken?.code === 'EPIPE' ? undefined : this.broken;
  }

  write(text: string): void {
    if (this.broken) return;
    try {
      this.stream.write(text);
    } catch (thrown) {
      // Files are written at once, and throw.
      this.broken = thrown as NodeJS.ErrnoException;
    }
  }

  /** Waits until everything is written, or nothing can be any more. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.stream.write('', (error) => {
        if (error) this.broken ??= error;
        resolve();
      });
    });
  }
}

export type TextStream = Pick<SafeStream, 'isTTY' | 'write'>;

export const stdout = new SafeStream(process.stdout);
export const stderr = new SafeStream(process.stderr);

/** Characters that JSON does not escape and that terminals obey or hide. */
const UNESCAPED = /[\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** One line of JSON on standard output. */
export function printJson(value: unknown): void {
  const json = JSON.stringify(value).replace(
    UNESCAPED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  stdout.write(`${json}\n`);
}
