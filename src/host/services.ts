import * as vscode from 'vscode';
import { EndpointModels } from './endpoints/endpoint-models';
import { Endpoints } from './endpoints/endpoints';
import { EngineService } from './drawing/engine-service';
import { ImageSaver } from './files/image-saver';
import { LinkInserter } from './links/link-inserter';
import { HubToken } from './models/hub-token';
import { ModelAccess } from './models/model-access';
import { ModelStore } from './models/model-store';
import { ModelWatch } from './models/model-watch';
import { PromptHistory } from './drawing/prompt-history';
import { ThingImages } from './drawing/thing-images';
import { Settings } from './settings';

/** What every feature of the extension uses. Made once, in `activate`; nothing in it is costly to make. */
export interface HostServices {
  readonly context: vscode.ExtensionContext;
  /** The engine process, forked on the first call. */
  readonly engine: EngineService;
  /** The servers elsewhere that draw. */
  readonly endpoints: Endpoints;
  /** What those servers told of themselves. */
  readonly endpointModels: EndpointModels;
  /** The models of this machine, and downloads: a process of its own, forked on the first call. */
  readonly store: ModelStore;
  /** Notices models that other programs fetch, while a list of models is in sight. */
  readonly watch: ModelWatch;
  readonly token: HubToken;
  /** Which models and files a request from a recipe or an agent may name. */
  readonly access: ModelAccess;
  readonly settings: Settings;
  readonly log: vscode.LogOutputChannel;
  /** Saves images into the workspace. */
  readonly saver: ImageSaver;
  /** Inserts links to images into the document that was edited last. */
  readonly inserter: LinkInserter;
  /** The last prompts, newest first. */
  readonly history: PromptHistory;
  /** Small images of what the starter knows. */
  readonly things: ThingImages;
}

export function createServices(context: vscode.ExtensionContext): HostServices {
  const log = vscode.window.createOutputChannel('Easel', { log: true });
  const settings = new Settings();
  const module = context.asAbsolutePath('dist/engine.js');
  const endpoints = new Endpoints(module, settings, log, context.secrets, context.globalState);
  const endpointModels = new EndpointModels(endpoints, log);
  const engine = new EngineService(module, settings, log, context.globalState, endpoints);
  const token = new HubToken(context.secrets);
  const store = new ModelStore(module, settings, log, engine, token);
  const watch = new ModelWatch(store, settings, log);
  const access = new ModelAccess(settings, store, endpoints);
  const saver = new ImageSaver(settings, context.globalStorageUri);
  const inserter = new LinkInserter(settings);
  const history = new PromptHistory(context.globalState);
  const things = new ThingImages(context.asAbsolutePath('dist/things.json'));
  context.subscriptions.push(log, engine, endpointModels, endpoints, store, watch, saver, inserter);
  return {
    context,
    engine,
    endpoints,
    endpointModels,
    store,
    watch,
    token,
    access,
    settings,
    log,
    saver,
    inserter,
    history,
    things,
  };
}
