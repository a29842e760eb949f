import type { EngineService } from './drawing/engine-service';
import type { ModelStore } from './models/model-store';

/** What other extensions get from `vscode.extensions.getExtension('easel.easel').activate()`. */
export interface EaselApi {
  /** Draws, lists models and devices, and tells what is being drawn. */
  readonly engine: Pick<
    EngineService,
    'generate' | 'models' | 'devices' | 'jobs' | 'onDidChangeJobs' | 'cancelAll'
  >;
  /** The models of this machine: finds, fetches, verifies and removes them. */
  readonly models: Pick<
    ModelStore,
    'list' | 'plan' | 'download' | 'downloads' | 'verify' | 'removal' | 'remove' | 'onDidChange'
  >;
}
