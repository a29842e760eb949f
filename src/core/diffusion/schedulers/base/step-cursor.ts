import { EaselError } from '../../../errors';

/**
 * The place of the next step in the schedule: diffusers' `step_index` and `begin_index`. The timestep of the
 * first call gives it, unless a begin index was set. After that the place only moves forward, so that a timestep
 * may occur more than once.
 */
export class StepCursor {
  private timesteps: readonly number[] = [];
  private begin: number | undefined;
  private index: number | undefined;

  /**
   * @param lookup what a first timestep that is not in the schedule gives: an error (`exact`), or the last
   * step (`lenient`), as in diffusers' multistep solvers
   */
  constructor(private readonly lookup: 'exact' | 'lenient') {}

  /** Resets the place, for a new schedule. */
  reset(timesteps: readonly number[]): void {
    this.timesteps = timesteps;
    this.begin = undefined;
    this.index = undefined;
  }

  setBeginIndex(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.timesteps.length) {
      throw new EaselError(
        'bad-request',
        `Cannot begin at step ${index} of ${this.timesteps.length} steps.`,
        { field: 'begin_index', value: index },
      );
    }
    this.begin = index;
  }

  /** The index of the step at this timestep; it stays the same until `advance`. */
  enter(timestep: number): number {
    this.index ??= this.begin ?? this.find(timestep);
    if (this.index >= this.timesteps.length) {
      throw new EaselError('internal', 'A scheduler was stepped past the end of its schedule.');
    }
    return this.index;
  }

  advance(): void {
    if (this.index !== undefined) this.index++;
  }

  /** The index whose noise level `addNoise` uses. It does not change the place. */
  peek(timestep: number): number {
    return this.begin === undefined ? this.find(timestep) : (this.index ?? this.begin);
  }

  private find(timestep: number): number {
    const first = this.timesteps.indexOf(timestep);
    if (first < 0) {
      if (this.lookup === 'lenient') return this.timesteps.length - 1;
      throw new EaselError('internal', `Timestep ${timestep} is not in the schedule.`);
    }
    // diffusers takes the second of equal timesteps, so that a start in the middle skips no sigma. At the
    // start of the schedule that would step past its end (and in diffusers does).
    const second = this.timesteps.indexOf(timestep, first + 1);
    return second < 0 || first === 0 ? first : second;
  }
}
