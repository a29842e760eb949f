import * as vscode from 'vscode';
import { GENERATE_IMAGE, LIST_IMAGE_MODELS } from '../../core/agent/tools';
import type { HostServices } from '../services';
import { GenerateImageTool } from './generate-image-tool';
import { ListImageModelsTool } from './list-image-models-tool';
import { registerMcpServer } from './mcp-server-provider';

/** Registers what agents are offered. */
export function registerTools(services: HostServices): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.lm.registerTool(GENERATE_IMAGE.name, new GenerateImageTool(services)),
    vscode.lm.registerTool(LIST_IMAGE_MODELS.name, new ListImageModelsTool(services)),
    registerMcpServer(services),
  );
}
