import * as v from 'valibot';
import { CONTROL_PREPROCESSORS } from '../../image/control/names';
import { IP_ADAPTER_BLOCKS } from '../ip-adapter-blocks';
import { LORA_PART } from '../lora-weights';
import {
  readEmbeddings,
  readLoras,
  readNumbers,
  readText,
  readTexts,
  readWords,
} from '../option-values';
import type { RequestField } from './field';
import { LIMITS } from './limits';
import { imageFile, numberIn, someText } from './values';

const loraPart = v.pipe(
  v.string(),
  v.regex(
    LORA_PART,
    'must be text, text_encoder, text_encoder_2, unet, down, mid, up, or a block as down.1 or up.0.2',
  ),
);
const perControl = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(v.array(schema), v.maxLength(LIMITS.controlnets));
const perIpAdapter = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(v.array(schema), v.maxLength(LIMITS.ipAdapters));

/** LoRAs, textual inversions, ControlNets and IP-Adapters. */
export const ADAPTER_FIELDS = {
  /** LoRA files merged into the model, with their scales and those of single parts (lora-weights.ts). */
  loras: {
    schema: v.array(
      v.strictObject({
        path: someText,
        scale: v.optional(numberIn(LIMITS.loraScale), 1),
        weights: v.optional(v.record(loraPart, numberIn(LIMITS.loraScale))),
      }),
    ),
    default: [],
    form: { control: 'custom', label: 'LoRAs' },
    option: {
      name: 'lora',
      value: 'FILE[:SCALE]',
      help: 'merge a LoRA, by 1 or this scale; a file, a folder or a repository id; parts: :0.8,text=0.5,up.1=0; may be given several times',
      read: readLoras,
      path: true,
      multiple: true,
    },
  },
  /** Textual inversions; `token` is the word for one where the file's own is not wanted. */
  embeddings: {
    schema: v.array(v.strictObject({ path: someText, token: v.optional(someText) })),
    default: [],
    option: {
      name: 'embedding',
      value: 'FILE[:WORD]',
      help: 'a textual inversion (file, folder or repository id), for a word in the prompt (default: its own)',
      read: readEmbeddings,
      path: true,
      multiple: true,
    },
  },
  /**
   * ControlNets and T2I-Adapters that hold the image to the lines, depths or poses of other images. The k-th entry of each of these
   * fields belongs to the k-th ControlNet (controls.ts).
   */
  controlnets: {
    schema: perControl(someText),
    default: [],
    option: {
      name: 'controlnet',
      value: 'MODEL',
      help: 'ControlNet or T2I-Adapter that holds the image to a control image; a folder, a file or a repository id; may be given several times',
      read: readTexts,
      path: true,
      multiple: true,
    },
  },
  controlImages: {
    schema: perControl(imageFile),
    default: [],
    option: {
      name: 'control-image',
      value: 'FILE',
      help: "what the ControlNet follows, resized to the image's size; one for each --controlnet, in order",
      read: readTexts,
      file: true,
      multiple: true,
    },
    recipe: false,
  },
  controlnetConditioningScale: {
    schema: perControl(numberIn(LIMITS.controlnetScale)),
    default: [],
    option: {
      name: 'controlnet-conditioning-scale',
      value: 'X',
      help: 'how much the ControlNet counts, 0 to 10 (default 1; from an initial image less); one for each --controlnet',
      read: readNumbers,
      multiple: true,
    },
  },
  controlGuidanceStart: {
    schema: perControl(numberIn(LIMITS.controlGuidance)),
    default: [],
    option: {
      name: 'control-guidance-start',
      value: 'X',
      help: 'the share of the steps at which the ControlNet begins (default 0); one for each --controlnet',
      read: readNumbers,
      multiple: true,
    },
  },
  controlGuidanceEnd: {
    schema: perControl(numberIn(LIMITS.controlGuidance)),
    default: [],
    option: {
      name: 'control-guidance-end',
      value: 'X',
      help: 'the share of the steps at which the ControlNet ends (default 1); one for each --controlnet',
      read: readNumbers,
      multiple: true,
    },
  },
  /** What is made of each control image, at the size that is drawn. */
  controlPreprocess: {
    schema: perControl(v.picklist(CONTROL_PREPROCESSORS)),
    default: [],
    option: {
      name: 'control-preprocess',
      value: 'NAME',
      help: `what to make of the control image: ${CONTROL_PREPROCESSORS.join(', ')} (default none); one for each --controlnet`,
      read: readWords,
      multiple: true,
    },
  },
  /** IP-Adapters, which prompt with images. What belongs to which is in ip-adapters.ts. */
  ipAdapters: {
    schema: perIpAdapter(someText),
    default: [],
    option: {
      name: 'ip-adapter',
      value: 'MODEL',
      help: 'prompt with images; a file, a folder, or org/name/file in the cache; may be given several times',
      read: readTexts,
      path: true,
      multiple: true,
    },
  },
  ipAdapterImages: {
    schema: v.pipe(v.array(imageFile), v.maxLength(LIMITS.ipAdapterImages)),
    default: [],
    option: {
      name: 'ip-adapter-image',
      value: 'FILE',
      help: 'what to draw like; a single --ip-adapter takes all, several take one each, in order',
      read: readTexts,
      file: true,
      multiple: true,
    },
    recipe: false,
  },
  ipAdapterScale: {
    schema: perIpAdapter(numberIn(LIMITS.ipAdapterScale)),
    default: [],
    option: {
      name: 'ip-adapter-scale',
      value: 'X',
      help: 'how much the images count, 0 to 10 (default 1); one for each --ip-adapter',
      read: readNumbers,
      multiple: true,
    },
  },
  ipAdapterBlocks: {
    schema: perIpAdapter(v.picklist(IP_ADAPTER_BLOCKS)),
    default: [],
    option: {
      name: 'ip-adapter-blocks',
      value: 'NAME',
      help: `SDXL: what of the images counts: ${IP_ADAPTER_BLOCKS.join(', ')} (default all); one for each --ip-adapter`,
      read: readWords,
      multiple: true,
    },
  },
  /** Absent: that of the adapter's repository or of the model, whichever fits. */
  ipAdapterImageEncoder: {
    schema: someText,
    option: {
      name: 'ip-adapter-image-encoder',
      value: 'MODEL',
      help: "the CLIP image encoder, a folder or a repository id (default: that of the adapter's repository)",
      read: readText,
      path: true,
    },
  },
} as const satisfies Readonly<Record<string, RequestField>>;
