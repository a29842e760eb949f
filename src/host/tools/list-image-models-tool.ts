import * as vscode from 'vscode';
import { describeModels } from '../../core/agent/model-list';
import type { HostServices } from '../services';
import { toolFailure } from './tool-failure';

/** `list_image_models`: what is on this machine to draw with. */
export class ListImageModelsTool implements vscode.LanguageModelTool<object> {
  constructor(private readonly services: HostServices) {}

  prepareInvocation(): vscode.PreparedToolInvocation {
    return { invocationMessage: vscode.l10n.t('Looking at the models on this computer') };
  }

  async invoke(): Promise<vscode.LanguageModelToolResult> {
    const { store, settings, log } = this.services;
    try {
      const text = describeModels(await store.list(), settings.read().model);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    } catch (thrown) {
      throw toolFailure(thrown, log);
    }
  }
}
