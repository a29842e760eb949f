import * as vscode from 'vscode';
import type { CommandTable } from '../command-table';
import type { HostServices } from '../services';
import { addModelPath } from './add-model-path';
import { chooseModel, downloadModel } from './choose-model';
import { downloadModels } from './download-model';
import { freeDiskSpace, removeModel, useModel, verifyModel } from './manage-models';
import { ModelsTree, downloadOf, entryOf } from './models-tree';

/** Registers the commands about models and their tree. Nothing is listed before somebody looks. */
export function registerModels(services: HostServices, commands: CommandTable): vscode.Disposable {
  const { store, settings, token } = services;
  const tree = new ModelsTree(store, settings);
  return vscode.Disposable.from(
    tree,
    vscode.window.registerTreeDataProvider('easel.models', tree),
    commands.register('easel.chooseModel', () => chooseModel(services)),
    commands.register('easel.downloadModel', () => downloadModel(services)),
    commands.register('easel.addModelPath', () => addModelPath(services)),
    commands.register('easel.freeDiskSpace', () => freeDiskSpace(services)),
    commands.register('easel.setToken', () => token.ask()),
    commands.register('easel.refreshModels', () => store.refresh()),
    commands.register('easel.verifyModel', (node) => verifyModel(services, entryOf(node))),
    commands.register('easel.removeModel', (node) => removeModel(services, entryOf(node))),
    commands.register('easel.useModel', async (node) => {
      const entry = entryOf(node);
      if (entry) await useModel(services, entry);
    }),
    commands.register('easel.resumeDownload', async (node) => {
      const entry = entryOf(node);
      if (entry) await downloadModels(services, [entry.id]);
    }),
    commands.register('easel.pauseDownload', (node) => downloadOf(node)?.pause()),
  );
}
