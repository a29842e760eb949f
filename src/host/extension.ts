import type * as vscode from 'vscode';
import { registerCommands } from './commands';
import type { EngineService } from './drawing/engine-service';
import { MissingFixes } from './missing/missing-fixes';
import { MissingHints } from './missing/missing-hints';
import type { ModelStore } from './models/model-store';
import { ModelsTree } from './models/models-tree';
import { warnWithoutBuild } from './no-build-notice';
import { RecipeHover } from './recipes/recipe-hover';
import { createServices } from './services';
import { StatusItem } from './status-bar';
import { Studio } from './studio/studio';
import { registerTools } from './tools/tools';

/** What other extensions get from `vscode.extensions.getExtension('easel.easel').activate()`. */
export interface EaselApi {
  /** Draws, lists devices, and reports the running jobs. */
  readonly engine: Pick<
    EngineService,
    'generate' | 'devices' | 'jobs' | 'onDidChangeJobs' | 'cancelAll'
  >;
  /** The models of this machine: lists, downloads, verifies and removes them. */
  readonly models: Pick<
    ModelStore,
    'list' | 'plan' | 'download' | 'downloads' | 'verify' | 'removal' | 'remove' | 'onDidChange'
  >;
}

/** Registers and returns: processes, parsers and lists of models are started on first use. */
export function activate(context: vscode.ExtensionContext): EaselApi {
  const services = createServices(context);
  const { endpoints, engine, settings, store } = services;
  const studio = new Studio(services);
  context.subscriptions.push(
    studio,
    new ModelsTree(services),
    registerCommands(services, studio),
    new StatusItem(engine, settings, endpoints),
    MissingFixes.register(),
    new MissingHints(services.saver),
    RecipeHover.register(settings),
    registerTools(services),
  );
  warnWithoutBuild(context.globalState);
  return { engine, models: store };
}
