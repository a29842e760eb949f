import { planSession } from '../../../graph/session-plan';
import type { Network } from '../../network';
import type { OnnxComponent } from './component';
import { OnnxSession, type OnnxRole } from './session';

/** A network that came as a finished graph. One session serves every size. */
export function exportedNetwork(
  onnx: OnnxComponent,
  { key, role }: { readonly key: string; readonly role: OnnxRole },
): Network {
  return {
    component: role.startsWith('vae') ? 'vae' : role,
    key,
    weightBytes: onnx.totalBytes,
    open: (device, runs) =>
      OnnxSession.create(onnx, role, device, planSession({ device, runs }).tuning),
  };
}
