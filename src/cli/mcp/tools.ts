import path from 'node:path';
import { failureText } from '../../core/agent/failure-text';
import { generateImageRequest, parseGenerateImage } from '../../core/agent/generate-image';
import { describeModels } from '../../core/agent/model-list';
import { describeDrawn, smallView } from '../../core/agent/result-text';
import { EaselError, toEaselError } from '../../core/errors';
import { escapeLink, markdownImage } from '../../core/markdown-image';
import { DEFAULT_STYLES } from '../../core/request/styles';
import type { EngineClient } from '../../client/engine-client';
import type { GenerationEvent } from '../../protocol/engine';
import type { StoreClient } from '../../client/store-client';
import { saveImage, saveNew } from '../generate/image-file';
import type { McpCommand } from './arguments';
import { assertInside, targetFile, type Root } from './roots';

export interface Processes {
  readonly engine: EngineClient;
  readonly store: StoreClient;
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

/** Calls a tool; what goes wrong is a result too, which the model reads. */
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
  // Known before drawing: nobody should wait for a picture that has no place to go.
  const root = await context.root();
  const file = call.path === undefined ? undefined : await targetFile(root, call.path);
  const folder = file === undefined ? path.join(root.folder, root.usual) : path.dirname(file);
  await assertInside(root, folder);
  let drawn: Extract<GenerationEvent, { event: 'image' }> | undefined;
  const warnings: string[] = [];
  const summary = await engine.call(
    'generate',
    { request },
    {
      signal,
      onEvent: (event) => {
        if (event.event === 'image') drawn = event;
        if (event.event === 'warning') warnings.push(event.message);
        onEvent(event);
      },
    },
  );
  if (!drawn) throw new EaselError('internal', 'The engine answered without a picture.');
  const saved =
    file === undefined
      ? await saveImage(folder, call.prompt, drawn)
      : await saveNew(folder, path.basename(file), drawn.bytes);
  const relative = path.relative(root.folder, saved).split(path.sep).join('/');
  const { width, height, format, seed } = drawn;
  const described = describeDrawn({
    path: saved,
    markdown: markdownImage(escapeLink(relative), call.altText ?? call.prompt),
    relativeTo: root.folder,
    ...{ width, height, format, seed, warnings },
    model: summary.model,
    device: summary.device,
    steps: summary.settings.steps,
    seconds: summary.seconds.total,
  });
  const view = await engine.call('convert', smallView(drawn));
  return { content: [text(described), image(view.bytes)] };
}

function text(words: string): Content {
  return { type: 'text', text: words };
}

function image(jpeg: Uint8Array): Content {
  return { type: 'image', data: Buffer.from(jpeg).toString('base64'), mimeType: 'image/jpeg' };
}
