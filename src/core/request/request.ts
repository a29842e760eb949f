import * as v from 'valibot';
import { checkInput } from '../check-input';
import { DEVICE_CHOICES } from '../devices';
import { EaselError } from '../errors';
import { canBeTransparent, IMAGE_FORMAT_NAMES, TRANSPARENT_FORMATS } from '../image/formats';

/** Every limit of a request, in one place: the command line, the form and the tools show these. */
export const LIMITS = {
  /** Longer prompts are pasted by mistake; 77 tokens are about 350 characters. */
  promptCharacters: 8000,
  styleCharacters: 2000,
  styleName: 100,
  steps: { min: 1, max: 1000 },
  guidanceScale: { min: 0, max: 100 },
  guidanceRescale: { min: 0, max: 1 },
  /** Pixels. What a model can draw at a size is decided by its memory estimate, before it is loaded. */
  size: { min: 8, max: 16384 },
  numImages: { min: 1, max: 100 },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  strength: { min: 0, max: 1 },
  hiresScale: { min: 1, max: 8 },
  loraScale: { min: -10, max: 10 },
  /** Bytes of an image file to start from; larger ones are not sketches. */
  imageBytes: 256 * 2 ** 20,
} as const;

export const HIRES_UPSCALERS = ['latent', 'lanczos'] as const;

export const VAE_CHOICES = ['full', 'tiny'] as const;
export type VaeChoice = (typeof VAE_CHOICES)[number];

/**
 * How a prompt is read: `plain` as diffusers reads it, cut off after 77 tokens; `weighted` with
 * AUTOMATIC1111's `(word:1.3)` and `BREAK`, at any length.
 */
export const PROMPT_SYNTAXES = ['plain', 'weighted'] as const;
export type PromptSyntax = (typeof PROMPT_SYNTAXES)[number];

const range = (limits: { min: number; max: number }) =>
  v.pipe(v.number(), v.finite(), v.minValue(limits.min), v.maxValue(limits.max));
const integer = (limits: { min: number; max: number }) => v.pipe(range(limits), v.integer());

const FIT = { min: 1, max: LIMITS.size.max };
const margin = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4096)), 0);

/** An image file's bytes, in any format the engine's image library reads. */
const imageFile = v.pipe(
  v.custom<Uint8Array>(
    (value) => value instanceof Uint8Array,
    'must be the bytes of an image file',
  ),
  v.check(
    (bytes) => bytes.byteLength > 0 && bytes.byteLength <= LIMITS.imageBytes,
    `must have 1 to ${LIMITS.imageBytes} bytes`,
  ),
);

/** How a style words a request; `{prompt}` stands for the prompt, which else comes first. */
const StyleWordsSchema = v.strictObject({
  name: v.pipe(v.string(), v.nonEmpty(), v.maxLength(LIMITS.styleName)),
  prompt: v.pipe(v.string(), v.nonEmpty(), v.maxLength(LIMITS.styleCharacters)),
  negativePrompt: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.styleCharacters))),
});
export type StyleWords = v.InferOutput<typeof StyleWordsSchema>;

/**
 * A generation request, as every front sends it. Names are those of diffusers' `__call__`, in camel
 * case. What is absent takes the model's own default (`steps`, `guidanceScale`, `width`, `height`,
 * `scheduler`), or is chosen and reported (`seed`).
 */
export const GenerationRequestSchema = v.strictObject({
  prompt: v.string(),
  negativePrompt: v.optional(v.string(), ''),
  /** Words that are put around the prompts; the name is kept with the picture. */
  style: v.optional(StyleWordsSchema),
  promptSyntax: v.optional(v.picklist(PROMPT_SYNTAXES), 'plain'),
  /** Replace each `{a|b|c}` of the prompts by one of its options, chosen by the image's seed. */
  wildcards: v.optional(v.boolean(), false),
  model: v.optional(v.pipe(v.string(), v.nonEmpty()), 'starter'),
  seed: v.optional(integer(LIMITS.seed)),
  steps: v.optional(integer(LIMITS.steps)),
  guidanceScale: v.optional(range(LIMITS.guidanceScale)),
  guidanceRescale: v.optional(range(LIMITS.guidanceRescale), 0),
  width: v.optional(integer(LIMITS.size)),
  height: v.optional(integer(LIMITS.size)),
  /**
   * The size in pixels the file is to have, whatever the model can draw: drawn at the nearest size of that
   * shape, then scaled to cover it and cut in the middle.
   */
  fit: v.optional(v.strictObject({ width: integer(FIT), height: integer(FIT) })),
  scheduler: v.optional(v.pipe(v.string(), v.nonEmpty())),
  numImages: v.optional(integer(LIMITS.numImages), 1),
  /** Start from this picture (img2img). */
  initImage: v.optional(imageFile),
  /** How far to go from `initImage`: 0 keeps it, 1 ignores it. */
  strength: v.optional(range(LIMITS.strength)),
  /** White where `initImage` is to be drawn anew, black where it stays (inpainting). */
  mask: v.optional(imageFile),
  /** Grow `initImage` by margins of these pixels, and draw them (outpainting). */
  outpaint: v.optional(
    v.strictObject({ left: margin, top: margin, right: margin, bottom: margin }),
  ),
  /** A second pass over the finished picture, made larger: image to image with the same seed. */
  hires: v.optional(
    v.strictObject({
      scale: v.optional(range(LIMITS.hiresScale), 2),
      /** How far the second pass goes from the enlarged first. */
      strength: v.optional(range(LIMITS.strength), 0.7),
      /** Of which the second pass takes the share that its strength says; absent: as the first. */
      steps: v.optional(integer(LIMITS.steps)),
      /** `latent` enlarges what the UNet made, `lanczos` the decoded picture. */
      upscaler: v.optional(v.picklist(HIRES_UPSCALERS), 'latent'),
    }),
  ),
  /** Decode and encode in overlapping tiles; absent: where the whole would not fit into memory. */
  vaeTiling: v.optional(v.boolean()),
  /** What lies behind the transparent parts of `initImage`. */
  background: v.optional(
    v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #ffffff')),
    '#ffffff',
  ),
  /** LoRA files merged into the model, with their weights. */
  loras: v.optional(
    v.array(
      v.strictObject({
        path: v.pipe(v.string(), v.nonEmpty()),
        scale: v.optional(range(LIMITS.loraScale), 1),
      }),
    ),
    [],
  ),
  /** Textual inversions; `token` is the word for one where the file's own is not wanted. */
  embeddings: v.optional(
    v.array(
      v.strictObject({
        path: v.pipe(v.string(), v.nonEmpty()),
        token: v.optional(v.pipe(v.string(), v.nonEmpty())),
      }),
    ),
    [],
  ),
  vae: v.optional(v.picklist(VAE_CHOICES), 'full'),
  device: v.optional(v.picklist(DEVICE_CHOICES), 'auto'),
  /** The format of the picture's file. */
  format: v.optional(v.picklist(IMAGE_FORMAT_NAMES), 'png'),
  /** Take away the background: what the model tells apart, else the border's flat colour. For formats that can be transparent. */
  transparent: v.optional(v.boolean(), false),
  /** Write into the picture's file how it was made. */
  metadata: v.optional(v.boolean(), true),
  /** Send a small picture of the latents with each step. */
  preview: v.optional(v.boolean(), false),
});

export type GenerationRequest = v.InferOutput<typeof GenerationRequestSchema>;
export type GenerationRequestInput = v.InferInput<typeof GenerationRequestSchema>;

/**
 * Checks an untrusted request and fills its defaults.
 * @throws EaselError `prompt-too-long` or `bad-request`, naming the field, what it held and the limit.
 */
export function parseRequest(input: unknown): GenerationRequest {
  const request = checkInput(GenerationRequestSchema, input, 'request');
  for (const field of ['prompt', 'negativePrompt'] as const) {
    const length = request[field].length;
    if (length > LIMITS.promptCharacters) {
      const shown = field === 'prompt' ? 'prompt' : 'negative prompt';
      throw new EaselError(
        'prompt-too-long',
        `The ${shown} has ${length} characters; at most ${LIMITS.promptCharacters} are taken. ` +
          'A model reads about the first 350. Shorten it.',
        { field, length, limit: LIMITS.promptCharacters },
      );
    }
  }
  requireTransparency(request);
  return request;
}

/** @throws EaselError `bad-request` where a file's format has no transparency */
function requireTransparency({ transparent, format }: GenerationRequest): void {
  if (!transparent || canBeTransparent(format)) return;
  throw new EaselError(
    'bad-request',
    `transparent: ${format} files are drawn without transparency; take ${TRANSPARENT_FORMATS.join(', ')}.`,
    { field: 'transparent', format },
  );
}
