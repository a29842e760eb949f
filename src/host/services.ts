import * as vscode from 'vscode';
import { EngineService } from './drawing/engine-service';
import { ImageSaver } from './files/image-saver';
import { LinkInserter } from './links/link-inserter';
import { HubToken } from './models/hub-token';
import { ModelStore } from './models/model-store';
import { PromptHistory } from './drawing/prompt-history';
import { Settings } from './settings';

/** What every feature of the extension uses. Made once, in `activate`; nothing in it is costly to make. */
export interface HostServices {
  readonly context: vscode.ExtensionContext;
  /** The engine process, forked on the first call. */
  readonly engine: EngineService;
  /** The models of this machine, and downloads: a process of its own, forked on the first call. */
  readonly store: ModelStore;
  readonly token: HubToken;
  readonly settings: Settings;
  readonly log: vscode.LogOutputChannel;
  /** Saves images into the workspace. */
  readonly saver: ImageSaver;
  /** Inserts links to images into the document that was edited last. */
  readonly inserter: LinkInserter;
  /** The last prompts, newest first. */
  readonly history: PromptHistory;
}

export function createServices(context: vscode.ExtensionContext): HostServices {
  const log = vscode.window.createOutputChannel('Easel', { log: true });
  const settings = new Settings();
  const module = context.asAbsolutePath('dist/engine.js');
  const engine = new EngineService(module, settings, log, context.globalState);
  const token = new HubToken(context.secrets);
  const store = new ModelStore(module, settings, log, engine, token);
  const saver = new ImageSaver(settings, context.globalStorageUri);
  const inserter = new LinkInserter(settings);
  const history = new PromptHistory(context.globalState);
  context.subscriptions.push(log, engine, store, saver, inserter);
  return { context, engine, store, token, settings, log, saver, inserter, history };
}
