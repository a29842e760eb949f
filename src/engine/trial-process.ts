/** What the process of a device's trial needs. */
export { tryDevice, tryHalf } from './probe/trial';
