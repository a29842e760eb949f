import * as vscode from 'vscode';
import { EngineService } from './drawing/engine-service';
import { LinkInserter } from './links/link-inserter';
import { HubToken } from './models/hub-token';
import { ModelStore } from './models/model-store';
import { PictureSaver } from './links/picture-saver';
import { PromptHistory } from './drawing/prompt-history';
import { Settings } from './settings';

/** What every feature of the extension is given. Made once, in `activate`; nothing in it is costly. */
export interface HostServices {
  readonly context: vscode.ExtensionContext;
  /** The engine process, forked on the first call. */
  readonly engine: EngineService;
  /** The models of this machine, and downloads: a process of its own, forked on the first call. */
  readonly store: ModelStore;
  readonly token: HubToken;
  readonly settings: Settings;
  readonly log: vscode.LogOutputChannel;
  /** Writes pictures into the workspace. */
  readonly saver: PictureSaver;
  /** Puts links to pictures into the document that was edited last. */
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
  const saver = new PictureSaver(settings, context.globalStorageUri);
  const inserter = new LinkInserter(settings);
  const history = new PromptHistory(context.globalState);
  context.subscriptions.push(log, engine, store, saver, inserter);
  return { context, engine, store, token, settings, log, saver, inserter, history };
}
