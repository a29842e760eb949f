import type { EngineMethods } from '../protocol/engine';
import { ProcessClient, type ProcessClientOptions } from './process-client';

export type EngineClientOptions = ProcessClientOptions;

/** The engine process, which draws. */
export class EngineClient extends ProcessClient<EngineMethods> {
  constructor(options: EngineClientOptions) {
    super(options, {
      name: 'The drawing engine',
      afterCrash: 'The next picture starts it afresh.',
    });
  }
}
