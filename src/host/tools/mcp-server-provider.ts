import * as vscode from 'vscode';
import { VERSION } from '../../core/version';
import type { HostServices } from '../services';

/** The id in the manifest's `mcpServerDefinitionProviders`. */
const PROVIDER = 'easel.mcp';

/**
 * Offers `easel mcp` to the editor's agents, where `easel.mcp.enabled` is on. Off by default: inside VS
 * Code the language model tools do the same.
 */
export function registerMcpServer({ context, settings }: HostServices): vscode.Disposable {
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
    const { model, device, hfHome, nodePath } = settings.read();
    return new vscode.McpStdioServerDefinition(
      'Easel',
      nodePath || process.execPath,
      [context.asAbsolutePath('dist/mcp.js'), '--model', model, '--device', device],
      { ELECTRON_RUN_AS_NODE: '1', ...(hfHome && { EASEL_HF_HOME: hfHome }) },
      VERSION,
    );
  }
}
