/** Every limit of a request. The command line, the settings, the form and the tools take theirs from here. */
export const LIMITS = {
  /** Longer prompts are pasted by mistake; 77 tokens are about 350 characters. */
  promptCharacters: 8000,
  styleCharacters: 2000,
  styleName: 100,
  steps: { min: 1, max: 1000 },
  guidanceScale: { min: 0, max: 100 },
  imageGuidanceScale: { min: 0, max: 100 },
  /** A timestep of the training. */
  noiseLevel: { min: 0, max: 999 },
  guidanceRescale: { min: 0, max: 1 },
  pagScale: { min: 0, max: 100 },
  pagAdaptiveScale: { min: 0, max: 10 },
  pagLayers: 32,
  /** Characters of each. */
  pagLayer: 100,
  eta: { min: 0, max: 1 },
  denoising: { min: 0, max: 1 },
  /** The scores of the images that the refiner was taught with are from 1 to 10. */
  aestheticScore: { min: 0, max: 10 },
  /** The text encoder of Stable Diffusion 1.x has 12 layers. */
  clipSkip: { min: 0, max: 12 },
  /** Pixels. What a model can draw at a size is decided by its memory estimate, before it is loaded. */
  size: { min: 8, max: 16384 },
  /** Pixels that a side of the initial image can grow by. */
  margin: { min: 0, max: 4096 },
  numImages: { min: 1, max: 100 },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  variation: { min: 0, max: 9999 },
  variationStrength: { min: 0, max: 1 },
  tokenDownsampling: { min: 1, max: 4 },
  /** diffusers takes 0 for off. */
  freeu: { min: 0.01, max: 10 },
  strength: { min: 0, max: 1 },
  hiresScale: { min: 1, max: 8 },
  upscaleFactor: { min: 1, max: 8 },
  loraScale: { min: -10, max: 10 },
  /** ControlNets of one image: each is half a UNet in memory. */
  controlnets: 8,
  controlnetScale: { min: 0, max: 10 },
  controlGuidance: { min: 0, max: 1 },
  ipAdapters: 8,
  /** Images of all IP-Adapters: each adds 4 to 257 tokens to every cross-attention. */
  ipAdapterImages: 16,
  /** Beyond this, little but noise is drawn. */
  ipAdapterScale: { min: 0, max: 10 },
  /** Bytes of an image file to start from; larger ones are not sketches. */
  imageBytes: 256 * 2 ** 20,
} as const;

/** The scores that a refiner of SDXL is told where a request has none (diffusers, StableDiffusionXLImg2ImgPipeline). */
export const USUAL_SCORES = { aestheticScore: 6, negativeAestheticScore: 2.5 } as const;
