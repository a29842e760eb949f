import type * as v from 'valibot';
import { EditImageInputSchema } from './edit-image';
import { GenerateImageInputSchema } from './generate-image';
import { ListImageModelsInputSchema } from './list-input';

/** A tool for models. */
export interface AgentTool {
  readonly name: 'generate_image' | 'edit_image' | 'list_image_models';
  readonly title: string;
  /** For the model: what the tool does, when to use it, what it returns. */
  readonly description: string;
  readonly input: v.GenericSchema;
  /** Whether it changes nothing. */
  readonly readOnly: boolean;
}

export const GENERATE_IMAGE: AgentTool = {
  name: 'generate_image',
  title: 'Generate Image',
  description:
    "Generates an image from a text prompt with Easel, on the user's own machine (no network, no key) or at an endpoint that the user has chosen, and saves it as a file in the workspace. " +
    'Use it for placeholder art, icons, and illustrations that a document, web page or app needs, such as one that is linked and missing. ' +
    'Do not use it for diagrams, charts, screenshots or images with text in them. ' +
    'Returns the path of the new file, a Markdown snippet to paste, the seed (give it again for the same image), and a small view of the image: check whether it shows what you wanted, and if not, call again with plainer words or another model. ' +
    'It takes seconds with the starter model and up to minutes with larger ones. Images are drawn one after another. Call list_image_models first if a certain model, size or speed matters, or with things to find words that the starter can draw.',
  input: GenerateImageInputSchema,
  readOnly: false,
};

export const EDIT_IMAGE: AgentTool = {
  name: 'edit_image',
  title: 'Edit Image',
  description:
    "Draws an existing image again by a text prompt with Easel, on the user's own machine (no network, no key) or at an endpoint that the user has chosen, and saves the result as a new file in the workspace, in the size of the original, which stays as it is. " +
    'Use it to vary an image, to change its style or what it shows, or, with a mask, to replace a part of it. ' +
    'Do not use it to crop, resize or convert images, or to write text into them. ' +
    'Most models draw and do not follow orders: describe the whole image that you want, and choose with strength how much of the old one stays. ' +
    'Models that list_image_models marks as editing by words do follow them, and keep the rest: name one as model if there is one, and say what to change. ' +
    'Returns what generate_image returns: check whether the small view shows what you wanted, and if not, call again with another strength or plainer words.',
  input: EditImageInputSchema,
  readOnly: false,
};

export const LIST_IMAGE_MODELS: AgentTool = {
  name: 'list_image_models',
  title: 'List Image Models',
  description:
    'Lists the models that generate_image and edit_image can use on this machine: id, family, size on disk, speed, default image size and steps, and which model is the default. ' +
    'Use it before naming a model, or when a tool says that a model was not found; with things, to find words that the starter model can draw. It downloads nothing.',
  input: ListImageModelsInputSchema,
  readOnly: true,
};

export const AGENT_TOOLS: readonly AgentTool[] = [GENERATE_IMAGE, EDIT_IMAGE, LIST_IMAGE_MODELS];
