import * as vscode from 'vscode';
import { parseCall } from '../../core/agent/drawing-input';
import { failureText } from '../../core/agent/failure-text';
import { ListImageModelsInputSchema } from '../../core/agent/list-input';
import { describeModels, type ListedEndpoint } from '../../core/agent/model-list';
import { EDIT_IMAGE, GENERATE_IMAGE, LIST_IMAGE_MODELS } from '../../core/agent/tools';
import { hostOf } from '../../core/endpoints/endpoint';
import { toEaselError } from '../../core/errors';
import { EditImageTool } from './edit-image-tool';
import { GenerateImageTool } from './generate-image-tool';
import { VERSION } from '../../core/version';
import type { EndpointModels } from '../endpoints/endpoint-models';
import type { HostServices } from '../services';
import { TemporaryFolder } from './workspace-place';

/** Registers the language model tools and the MCP server. */
export function registerTools(services: HostServices): vscode.Disposable {
  const temporary = new TemporaryFolder();
  const register = <T>(name: string, tool: vscode.LanguageModelTool<T>) =>
    vscode.lm.registerTool(name, withToolErrors(tool, services.log));
  return vscode.Disposable.from(
    register(GENERATE_IMAGE.name, new GenerateImageTool(services, temporary)),
    register(EDIT_IMAGE.name, new EditImageTool(services, temporary)),
    register(LIST_IMAGE_MODELS.name, new ListImageModelsTool(services)),
    registerMcpServer(services),
  );
}

/** `list_image_models`: the models of this machine, and what the starter can draw. */
class ListImageModelsTool implements vscode.LanguageModelTool<unknown> {
  constructor(private readonly services: HostServices) {}

  prepareInvocation(): vscode.PreparedToolInvocation {
    return { invocationMessage: vscode.l10n.t('Listing the models on this computer') };
  }

  async invoke({
    input,
  }: vscode.LanguageModelToolInvocationOptions<unknown>): Promise<vscode.LanguageModelToolResult> {
    const { store, settings, endpointModels } = this.services;
    const { things } = parseCall(ListImageModelsInputSchema, input ?? {});
    const text =
      things === undefined
        ? describeModels(await store.list(), settings.read().model, await listed(endpointModels))
        : await describeThings(things);
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
  }
}

async function listed(endpointModels: EndpointModels): Promise<ListedEndpoint[]> {
  const agreed = await endpointModels.agreed();
  return agreed.map(({ endpoint, models }) => ({ host: hostOf(endpoint), models }));
}

/** Loads the tables of words with the first question, not with the extension. */
async function describeThings(asked: string): Promise<string> {
  return (await import('../../core/agent/known-things')).describeThings(asked);
}

/** The tool with errors that the model can act on, or the editor's own error after a cancel. */
function withToolErrors<T>(
  tool: vscode.LanguageModelTool<T>,
  log: vscode.LogOutputChannel,
): vscode.LanguageModelTool<T> {
  return {
    prepareInvocation: (options, token) => tool.prepareInvocation?.(options, token),
    invoke: async (options, token) => {
      try {
        return await tool.invoke(options, token);
      } catch (thrown) {
        const error = toEaselError(thrown);
        if (error.code === 'cancelled') throw new vscode.CancellationError();
        log.error(`tool: ${error.code}: ${error.message}`);
        throw new Error(failureText(error), { cause: thrown });
      }
    },
  };
}

/** The id in the manifest's `mcpServerDefinitionProviders`. */
const PROVIDER = 'easel.mcp';

/**
 * Offers `easel mcp` to the editor's agents, where `easel.mcp.enabled` is on. Off by default: inside VS
 * Code the language model tools do the same.
 */
function registerMcpServer({ context, settings }: HostServices): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const watching = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('easel')) changed.fire();
  });
  const provider = vscode.lm.registerMcpServerDefinitionProvider(PROVIDER, {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions: () => {
      const isOn = vscode.workspace.getConfiguration('easel').get<unknown>('mcp.enabled') === true;
      return isOn ? [definition()] : [];
    },
  });
  return vscode.Disposable.from(changed, watching, provider);

  function definition(): vscode.McpStdioServerDefinition {
    const { hfHome, nodePath, safetyChecker, ...values } = settings.read();
    const { model, device, threads, priority } = values;
    const named = { model, device, threads, priority, 'safety-checker': safetyChecker };
    return new vscode.McpStdioServerDefinition(
      'Easel',
      nodePath || process.execPath,
      [
        context.asAbsolutePath('dist/mcp.js'),
        ...Object.entries(named).flatMap(([name, value]) => [`--${name}`, String(value)]),
      ],
      { ELECTRON_RUN_AS_NODE: '1', ...(hfHome && { EASEL_HF_HOME: hfHome }) },
      VERSION,
    );
  }
}
