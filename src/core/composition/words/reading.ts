import type { Composition } from '../composition';

/** What the words of a prompt ask for. */
export interface PromptReading {
  readonly composition: Composition;
  /** Pixels that suit the words, such as 1200 x 630 for a hero image. Absent: the words do not say. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Colours of the ground and those typed as hex, as `#rrggbb`. */
  readonly colours: readonly string[];
  /** Words that say something that could not be read, as they were typed. */
  readonly unread: readonly string[];
}
