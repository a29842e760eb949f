/** Words between the parts of an image. Each list: words separated by `|`. */
export const ARTICLES =
  'a|an|the|this|that|these|those|its|his|her|their|it|which|is|are|there|there is|there are|be|being|one of';

/** Where a thing stands: on, under, behind or inside the next one. */
export const RELATIONS = {
  on: 'on|on top of|onto|upon|atop|sitting on|standing on|lying on|sleeping on|riding on|riding|resting on|placed on|perched on|sits on|sitting on top of|jumping on|mounted on|balancing on|stacked on|rides',
  under:
    'under|underneath|beneath|below|sitting under|standing under|lying under|sleeping under|hiding under',
  behind: 'behind|hiding behind|sitting behind|standing behind',
  inside:
    'in|inside|inside of|into|within|sitting in|sleeping in|wrapped in|hiding in|sits in|lying in|standing in',
  front: 'in front of|standing in front of|sitting in front of',
  over: 'over|above|flying over|flying above|floating above|floating on|hovering over|rising over|rising above|soaring over|jumping over|setting over|sailing over|sailing on|swimming in|flying in|flying through|floating in|driving through|driving on|walking in|walking on|running on|in the middle of|high above|across|through|along|down|on a background of|walking through|driving along|setting behind|shining over',
  at: 'at|near|by|beside a|next to the|against|leaning against|leaning on|in front of a wall|close to|around|at the foot of|working at|sitting at|overlooking|hanging on|hanging from|facing|toward|towards|driving to|with a view of',
  beside:
    'and|with|&|plus|next to|beside|alongside|together with|or|holding|carrying|wearing|eating|drinking|playing with|playing|and also|as well as|surrounded by|full of|filled with|chasing|reading|using|watching|looking at|talking to|vs|versus|hugging|kissing|walking with|feeding|writing in|writing on|drawing in|drawing on|typing on|working on|working with|looking into|sitting with|pointing at|pointing to|baking|cooking|making|preparing|serving|selling|buying|cutting|fixing|repairing|carrying|pushing|pulling|throwing|kicking|catching|building|checking|presenting|explaining|teaching|studying|examining|watering|petting',
  of: 'of|for|about|as|made of|made from|from the|showing|depicting|featuring|representing|to represent|on the topic of|in the style of',
  to: 'to|into the|from',
} as const;
export type RelationWord = keyof typeof RELATIONS;

/** Participles and other words that say what a thing does; nothing draws them. */
export const ACTIONS =
  'how|what|why|when|where|who|grow|guide|up|off|out|not|no|so|sitting|standing|lying|sleeping|flying|floating|running|walking|swimming|jumping|driving|sailing|smiling|waving|dancing|' +
  'launching|rising|setting|leaning|hanging|resting|growing|burning|shining|falling|working|reading|writing|looking|talking|' +
  'landing|taking off|moving|open|opened|closed|closing|going|coming|blooming|grazing|parked|climbing|singing|laughing|' +
  'hiking|travelling|traveling|thinking|relaxing|drawn|painted|seen|surrounded|filled|covered|made|dressed|called|named|saying|labeled|labelled|delivering|glowing|spinning|ringing|steaming|hot|cold|ripe|sliced|cut|hand drawn|hand-drawn|hand painted|lit|cracked|loading|playing|cooking|baking|melting|barking|meowing|happily|quickly|alone|lonely|front|side|top|back|left|right|bottom|center|centre|middle|corner|edge|upper|lower';

/** Words before a text in quotes, which is then drawn as large letters. */
export const TEXT_WORDS =
  'text|the text|word|the word|words|the words|letters|lettering|saying|that says|reading|caption|title|slogan|number|the number|headline|letter|the letter|sign that says|label|labelled|labeled|typography';
