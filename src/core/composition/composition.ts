import * as v from 'valibot';

/** What sort of image the words of a prompt ask for. */
export const KINDS = [
  'thing',
  'icon',
  'avatar',
  'scene',
  'background',
  'pattern',
  'chart',
  'page',
] as const;
export type Kind = (typeof KINDS)[number];

/**
 * Who draws a subject: the model; a portrait library; a library of interface signs and own vector drawings;
 * or a text in large letters, such as "404".
 */
const SUBJECT_SOURCES = ['model', 'portrait', 'vector', 'text'] as const;

/** Subjects of an image at most. */
export const MOST_SUBJECTS = 4;

/** Sides of an image that is composed, in pixels. */
export const COMPOSED_SIDE = { min: 16, max: 4096 } as const;

/** Grounds that are drawn by formulas: surfaces first, then scenes in layers. */
export const SURFACES = [
  'plain',
  'linear-gradient',
  'radial-gradient',
  'mesh-gradient',
  'waves',
  'blobs',
  'dots',
  'stripes',
  'grid',
  'tiles',
  'noise',
] as const;
export const SCENES = [
  'sky',
  'mountains',
  'hills',
  'fields',
  'sea',
  'beach',
  'desert',
  'forest',
  'snow',
  'city',
  'room',
] as const;
export const GROUND_NAMES = [...SURFACES, ...SCENES] as const;
export type GroundName = (typeof GROUND_NAMES)[number];
export type SceneName = (typeof SCENES)[number];

/** The forms that a surface can be drawn in: its tiling, its direction or its motif. Without one, chance decides. */
export const FORMS = {
  'linear-gradient': ['horizontal', 'vertical', 'diagonal'],
  waves: ['layers', 'lines', 'rings'],
  blobs: ['corners', 'single', 'scattered', 'memphis', 'terrazzo', 'camouflage'],
  dots: ['rows', 'polka', 'halftone', 'scattered', 'confetti', 'bokeh'],
  stripes: ['diagonal', 'horizontal', 'vertical', 'awning', 'pinstripe', 'chevron', 'rays'],
  grid: [
    'squares',
    'paper',
    'ruled',
    'crosses',
    'perspective',
    'isometric',
    'checkerboard',
    'gingham',
    'plaid',
    'argyle',
    'circuit',
    'network',
  ],
  tiles: [
    'triangles',
    'low-poly',
    'hexagons',
    'cubes',
    'diamonds',
    'mosaic',
    'scales',
    'arcs',
    'quarters',
    'bricks',
    'herringbone',
    'houndstooth',
  ],
  noise: ['paper', 'grain', 'contours', 'wood', 'marble'],
} as const satisfies Partial<Record<(typeof SURFACES)[number], readonly string[]>>;
/** The surfaces that have forms. */
export type Formed = keyof typeof FORMS;
export type FormOf<Name extends Formed> = (typeof FORMS)[Name][number];
export type Form = FormOf<Formed>;

/** The forms of a ground; none for scenes and plain surfaces. */
export function formsOf(name: GroundName): readonly Form[] {
  return Object.hasOwn(FORMS, name) ? FORMS[name as Formed] : [];
}

/** Whether a ground is a scene, with a light and a floor; the others are surfaces. */
export function isScene(name: string): name is SceneName {
  return (SCENES as readonly string[]).includes(name);
}

/** The light of a scene. */
export const TIMES = ['day', 'dawn', 'sunset', 'night', 'overcast'] as const;
export type Time = (typeof TIMES)[number];

/** Characters of a subject's words at most. */
export const LONGEST_WORDS = 200;
/** How often one subject can be in an image. */
export const MOST_OF_ONE = 12;

const words = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(LONGEST_WORDS));
/** `#rrggbb` in lower case. */
const HexColourSchema = v.pipe(
  v.string(),
  v.regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #0066cc'),
  v.toLowerCase(),
);
export const PaletteSchema = v.pipe(v.array(HexColourSchema), v.maxLength(12));

export const SubjectSchema = v.strictObject({
  /** What is drawn, as the source understands it: "a red apple", "an old man with glasses", "404". */
  words,
  source: v.picklist(SUBJECT_SOURCES),
  count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_OF_ONE)), 1),
  /** Where it stands to the subject before it. Absent: beside it. */
  relation: v.optional(v.picklist(['on', 'under', 'behind', 'inside'])),
});
export type Subject = v.InferOutput<typeof SubjectSchema>;

export const GroundSchema = v.strictObject({
  name: v.picklist(GROUND_NAMES),
  /** One of the ground's forms; another one's says nothing. */
  form: v.optional(v.picklist([...new Set(Object.values(FORMS).flat())])),
  time: v.optional(v.picklist(TIMES)),
  /** Colours that were asked for, the most important first. Absent: the ground's own. */
  colours: v.optional(PaletteSchema),
  /** A dark version of a surface. */
  dark: v.optional(v.boolean()),
});
export type Ground = v.InferOutput<typeof GroundSchema>;

/**
 * What an image is composed of. A prompt is read into this once; the user can change each part; an image's
 * recipe has it, so that drawing again does not read the words again.
 */
export const CompositionSchema = v.strictObject({
  kind: v.picklist(KINDS),
  /** What stands on the ground, in the order of the words. Empty: the ground alone. */
  subjects: v.pipe(v.array(SubjectSchema), v.maxLength(MOST_SUBJECTS)),
  /**
   * What lies behind. `transparent`: nothing. Absent: what the model draws itself where the size is the
   * model's own, else a plain ground.
   */
  ground: v.optional(v.union([GroundSchema, v.literal('transparent')])),
  /** A pattern: the subjects are repeated without seams. */
  tiled: v.optional(v.boolean()),
});
export type Composition = v.InferOutput<typeof CompositionSchema>;
