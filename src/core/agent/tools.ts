import * as v from 'valibot';
import { GenerateImageInputSchema } from './generate-image';

/** A tool for models. */
export interface AgentTool {
  readonly name: 'generate_image' | 'list_image_models';
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
    "Generates an image from a text prompt with Easel, on the user's own machine (no network, no key), and saves it as a file in the workspace. " +
    'Use it for placeholder art, icons, and illustrations that a document, web page or app needs, such as one that is linked and missing. ' +
    'Do not use it for diagrams, charts, screenshots or images with text in them. ' +
    'Returns the path of the new file, a Markdown snippet to paste, the seed (give it again for the same image), and a small view of the image: check whether it shows what you wanted, and if not, call again with another seed or simpler words. ' +
    'It takes seconds with the starter model and up to minutes with larger ones. Images are drawn one after another. Call list_image_models first if a certain model, size or speed matters.',
  input: GenerateImageInputSchema,
  readOnly: false,
};

export const LIST_IMAGE_MODELS: AgentTool = {
  name: 'list_image_models',
  title: 'List Image Models',
  description:
    'Lists the models that generate_image can use on this machine: id, family, size on disk, speed, default image size and steps, and which model is the default. ' +
    'Use it before naming a model, or when generate_image says that a model was not found. It downloads nothing.',
  input: v.strictObject({}),
  readOnly: true,
};

export const AGENT_TOOLS: readonly AgentTool[] = [GENERATE_IMAGE, LIST_IMAGE_MODELS];
