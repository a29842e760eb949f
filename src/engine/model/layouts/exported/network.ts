import { planSession } from '../../../graph/session-plan';
import type { Network } from '../../network';
import type { OnnxComponent } from './component';
import { OnnxSession, type OnnxRole } from './session';

/** The network of an exported graph. One session is used for every size. */
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
