import * as v from 'valibot';

/** What asks for the whole list. */
export const ALL_THINGS = 'all';

const LONGEST_WORDS = 2000;

/** The input of `list_image_models`. */
export const ListImageModelsInputSchema = v.strictObject({
  things: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(LONGEST_WORDS),
      v.description(
        `Words to look up in what the starter model can draw, between commas, such as "lighthouse, office chair": the answer says what each is drawn as, or the nearest things that it knows. "${ALL_THINGS}" lists all of its things.`,
      ),
    ),
  ),
});
