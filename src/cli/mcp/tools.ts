import path from 'node:path';
import { chooseListedModel } from '../../core/agent/chosen-model';
import { parseCall, type AgentDefaults, type DrawingInput } from '../../core/agent/drawing-input';
import { editImageRequest, parseEditImage } from '../../core/agent/edit-image';
import { failureText } from '../../core/agent/failure-text';
import { generateImageRequest, parseGenerateImage } from '../../core/agent/generate-image';
import { describeThings } from '../../core/agent/known-things';
import { ListImageModelsInputSchema } from '../../core/agent/list-input';
import { describeModels, type ListedModel } from '../../core/agent/model-list';
import { describeDrawings, smallView, type SavedImage } from '../../core/agent/result-text';
import { saveDrawings } from '../../core/agent/save-drawings';
import { splitEndpointModel } from '../../core/endpoints/endpoint';
import { EaselError, toEaselError } from '../../core/errors';
import { numberedPath } from '../../core/file-name';
import { escapeLink, markdownImage } from '../../core/markdown-image';
import type { GenerationRequestInput } from '../../core/request/request';
import { DEFAULT_STYLES } from '../../core/request/styles';
import { oneLine } from '../../core/shown-text';
import {
  drawImages,
  generatorOf,
  type Engine,
  type ImageEvent,
  type Service,
  type Store,
} from '../../client/engine';
import type { EndpointMethods } from '../../protocol/endpoints';
import type { GenerationEvent } from '../../protocol/engine';
import { prepareFolder, saveImage, saveNew } from '../image-file';
import { nameImageFile, readImageFile } from '../input-file';
import type { McpCommand } from './arguments';
import { agreedEndpoints } from './models-elsewhere';
import { existingFile, realFolder, targetFile, type Root } from './roots';

export interface Processes {
  readonly engine: Engine;
  readonly store: Store;
  readonly endpoints: Service<EndpointMethods>;
}

export interface ToolContext extends Processes {
  readonly command: McpCommand;
  /** The folder of the client's project. */
  readonly root: () => Promise<Root>;
  /** The folder for images that are thrown away; made for the first of them. */
  readonly temporaryRoot: { readonly made: Root | undefined; make(): Promise<Root> };
  readonly signal: AbortSignal;
  readonly onEvent: (event: GenerationEvent) => void;
}

type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly data: string; readonly mimeType: string };

export interface ToolResult {
  readonly content: Content[];
  readonly isError?: boolean;
  // The protocol's results are open.
  readonly [key: string]: unknown;
}

/** Calls a tool. An error becomes a result too, because the model reads results only. */
export async function callTool(
  name: string,
  input: unknown,
  context: ToolContext,
): Promise<ToolResult> {
  try {
    switch (name) {
      case 'generate_image':
        return await generateImage(input, context);
      case 'edit_image':
        return await editImage(input, context);
      case 'list_image_models':
        return await listImageModels(input, context);
      default:
        throw new EaselError('bad-request', `There is no tool "${oneLine(name, 100)}".`);
    }
  } catch (thrown) {
    return { content: [text(failureText(toEaselError(thrown)))], isError: true };
  }
}

async function listImageModels(input: unknown, context: ToolContext): Promise<ToolResult> {
  const { things } = parseCall(ListImageModelsInputSchema, input ?? {});
  if (things !== undefined) return { content: [text(describeThings(things))] };
  const models = await listModels(context);
  const elsewhere = await agreedEndpoints(context.endpoints);
  return { content: [text(describeModels(models, context.command.model, elsewhere))] };
}

/** The models that agents may name: those of this machine, and the one the server was started with. */
function listModels({ store, command: { model } }: ToolContext): Promise<readonly ListedModel[]> {
  return store.call('list', path.isAbsolute(model) ? { paths: [model] } : {});
}

/** @returns the model that draws; undefined for one of an endpoint, or where the server's own is not listed */
async function modelOf(
  { model }: DrawingInput,
  context: ToolContext,
): Promise<ListedModel | undefined> {
  const split = model === undefined ? undefined : splitEndpointModel(model);
  if (model !== undefined && split) {
    const elsewhere = await agreedEndpoints(context.endpoints, split.endpoint);
    if (elsewhere.some(({ models }) => models.includes(model))) return undefined;
  }
  const models = await listModels(context);
  if (model !== undefined) return chooseListedModel(models, model);
  return models.find(({ id }) => id === context.command.model);
}

async function generateImage(input: unknown, context: ToolContext): Promise<ToolResult> {
  const call = parseGenerateImage(input);
  if (call.model !== undefined) await modelOf(call, context);
  return draw(call, generateImageRequest(call, defaultsOf(context)), context);
}

async function editImage(input: unknown, context: ToolContext): Promise<ToolResult> {
  const call = parseEditImage(input);
  const model = await modelOf(call, context);
  const root = await context.root();
  const { made } = context.temporaryRoot;
  const roots = made ? [root, made] : [root];
  const image = await readImageFile(await existingFile(roots, call.image, 'image'));
  const mask =
    call.mask === undefined
      ? undefined
      : await readImageFile(await existingFile(roots, call.mask, 'mask'));
  try {
    const size = await context.engine.call('size', { file: image });
    const files = { image, mask, size };
    const request = editImageRequest(call, files, defaultsOf(context), model?.defaults);
    return await draw(call, request, context);
  } catch (thrown) {
    const names = { image: call.image, 'initial image': call.image, mask: call.mask };
    throw nameImageFile(thrown, names);
  }
}

function defaultsOf({ command: { model, device, safetyChecker } }: ToolContext): AgentDefaults {
  return { request: { model, device, safetyChecker }, styles: DEFAULT_STYLES };
}

/** Draws a request and saves its images where the call says. */
async function draw(
  call: DrawingInput,
  request: GenerationRequestInput,
  context: ToolContext,
): Promise<ToolResult> {
  const { engine, signal, onEvent } = context;
  // Everything that can be wrong with the place is found before the drawing.
  const place = await choosePlace(call, context);
  const drawn = await drawImages(generatorOf(engine), request, { signal, onEvent }).catch(
    async (thrown: unknown) => {
      await place.removeIfEmpty();
      throw thrown;
    },
  );
  const saved = await saveDrawings(drawn.images, (image) => place.save(image));
  const described = describeDrawings({
    images: saved.images,
    relativeTo: place.root.folder,
    warnings: [...drawn.warnings, ...saved.warnings],
    ...(drawn.summary && { summary: drawn.summary }),
  });
  const views = await Promise.all(
    drawn.images.map((image) => engine.call('convert', smallView(image))),
  );
  return { content: [text(described), ...views.map(({ bytes }) => jpegContent(bytes))] };
}

interface Place {
  readonly root: Root;
  save(image: ImageEvent): Promise<SavedImage>;
  /** Removes folders that were made for the images and have none. */
  removeIfEmpty(): Promise<void>;
}

/** @throws EaselError `bad-request` or `write-failed` where a call's images cannot be saved as it asks */
async function choosePlace(call: DrawingInput, context: ToolContext): Promise<Place> {
  const temporary = call.temporary === true;
  const root = await (temporary ? context.temporaryRoot.make() : context.root());
  const count = call.count ?? 1;
  const named = call.path;
  const files: string[] = [];
  if (named !== undefined) {
    for (let k = 1; k <= count; k++) {
      files.push(await targetFile(root, count === 1 ? named : numberedPath(named, k)));
    }
  }
  const folder =
    files[0] === undefined ? path.join(root.folder, root.defaultFolder) : path.dirname(files[0]);
  const check = (place: string) => realFolder(root, place);
  const removeIfEmpty = await prepareFolder(
    await check(folder),
    files.map((file) => path.basename(file)),
  );
  return {
    root,
    removeIfEmpty,
    save: async (image) => {
      const file = files[image.image];
      const saved =
        file === undefined
          ? await saveImage(folder, call.prompt, image, check)
          : await saveNew(folder, path.basename(file), image.bytes, check);
      const relative = path.relative(root.folder, saved).split(path.sep).join('/');
      const snippet = markdownImage(escapeLink(relative), call.altText ?? call.prompt);
      return { path: saved, image, ...(!temporary && { markdown: snippet }) };
    },
  };
}

function text(words: string): Content {
  return { type: 'text', text: words };
}

function jpegContent(jpeg: Uint8Array): Content {
  return { type: 'image', data: Buffer.from(jpeg).toString('base64'), mimeType: 'image/jpeg' };
}
