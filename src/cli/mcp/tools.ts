import path from 'node:path';
import { failureText } from '../../core/agent/failure-text';
import { generateImageRequest, parseGenerateImage } from '../../core/agent/generate-image';
import { describeModels } from '../../core/agent/model-list';
import { describeDrawn, smallView } from '../../core/agent/result-text';
import { EaselError, toEaselError } from '../../core/errors';
import { escapeLink, markdownImage } from '../../core/markdown-image';
import { DEFAULT_STYLES } from '../../core/request/styles';
import { drawOneImage, type Engine, type Store } from '../../client/engine';
import type { GenerationEvent } from '../../protocol/engine';
import { saveImage, saveNew } from '../image-file';
import type { McpCommand } from './arguments';
import { assertInside, targetFile, type Root } from './roots';

export interface Processes {
  readonly engine: Engine;
  readonly store: Store;
}

export interface ToolContext extends Processes {
  readonly command: McpCommand;
  readonly root: () => Promise<Root>;
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
    if (name === 'generate_image') return await generateImage(input, context);
    if (name === 'list_image_models') return await listImageModels(context);
    throw new EaselError('bad-request', `There is no tool "${name}".`);
  } catch (thrown) {
    return { content: [text(failureText(toEaselError(thrown)))], isError: true };
  }
}

async function listImageModels({ store, command }: ToolContext): Promise<ToolResult> {
  const models = await store.call('list', {});
  return { content: [text(describeModels(models, command.model))] };
}

async function generateImage(input: unknown, context: ToolContext): Promise<ToolResult> {
  const { engine, command, signal, onEvent } = context;
  const call = parseGenerateImage(input);
  const { model, device } = command;
  const request = generateImageRequest(call, {
    request: { model, device },
    styles: DEFAULT_STYLES,
  });
  // Resolve the destination before generating.
  const root = await context.root();
  const file = call.path === undefined ? undefined : await targetFile(root, call.path);
  const folder =
    file === undefined ? path.join(root.folder, root.defaultFolder) : path.dirname(file);
  await assertInside(root, folder);
  const drawn = await drawOneImage(
    { generate: (asked, options) => engine.call('generate', { request: asked }, options) },
    request,
    { signal, onEvent },
  );
  const { image } = drawn;
  const saved =
    file === undefined
      ? await saveImage(folder, call.prompt, image)
      : await saveNew(folder, path.basename(file), image.bytes);
  const relative = path.relative(root.folder, saved).split(path.sep).join('/');
  const described = describeDrawn({
    path: saved,
    markdown: markdownImage(escapeLink(relative), call.altText ?? call.prompt),
    relativeTo: root.folder,
    ...drawn,
  });
  const view = await engine.call('convert', smallView(image));
  return { content: [text(described), jpegContent(view.bytes)] };
}

function text(words: string): Content {
  return { type: 'text', text: words };
}

function jpegContent(jpeg: Uint8Array): Content {
  return { type: 'image', data: Buffer.from(jpeg).toString('base64'), mimeType: 'image/jpeg' };
}
