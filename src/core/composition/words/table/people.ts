/** Words that ask for the face of one person. `portrait`: on their own; the others only name who it is. */
export const PORTRAIT =
  'avatar|avatars|user avatar|user profile picture|user profile photo|user profile image|user profile pic|profile picture|profile photo|profile pic|profile image|profile avatar|portrait|portraits|headshot|head shot|' +
  'testimonial|testimonials|testimonial photo|testimonial portrait|testimonial avatar|testimonial picture|author photo|author picture|author avatar|author image|staff photo|' +
  'speaker photo|speaker portrait|employee photo|id photo|passport photo|selfie|user photo|user picture|mugshot|' +
  'userpic|gravatar|face photo|person photo|customer photo|bio photo|bio picture|linkedin photo|member photo|team member|team member photo|team member portrait|profile portrait|customer portrait|customer testimonial|customer avatar|reviewer|review author|author bio|author';

/** Words that ask for several people, with how many are drawn. */
export const PEOPLE: readonly { readonly count: number; readonly words: string }[] = [
  {
    count: 4,
    words:
      'team photo|team picture|team|our team|the team|team page|team members|team portrait|team image|team banner|meet the team|staff|crew|employees|' +
      'about the team|people|group of people|diverse group of people|smiling people|happy people|happy customers|happy clients|user testimonials|customer testimonials|group photo|group picture|crowd|community|open source community|audience|users photo|' +
      'customers|clients|colleagues|coworkers|co-workers|volunteers|participants|visitors|guests|contributors|' +
      'friends|group of friends|business people|office workers|business team|working team|startup team|development team|support team|' +
      'people holding hands|people talking|diverse people|diverse team|workshop participants|conference audience|avatar group|avatars group|group of avatars|avatar stack|faces|human faces|persons|leadership team|board members|students group|speakers|panel discussion|discussion group|classmates|neighbours|neighbors|teenagers|sales team',
  },
  {
    count: 3,
    words:
      'family|families|family photo|parents|happy family|family portrait|women|men|girls|boys|kids|children|schoolchildren|toddlers|founders|family of three',
  },
  {
    count: 2,
    words:
      'couple|couples|wedding couple|bride and groom|newlyweds|young couple|two people|lovers|married couple|happy couple|old couple|elderly couple|mother and child|father and son|mother and daughter|interview|twins|pair programming|siblings|boyfriend and girlfriend|best friends|man and woman|man and a woman',
  },
];

/** Words for one person, who is drawn as a portrait where words such as those below are with them. */
export const PERSONS =
  'person|man|woman|boy|girl|guy|lady|gentleman|child|kid|teenager|teen|adult|senior|male|female|human|face|human face|' +
  'old man|old woman|grandmother|grandfather|grandma|grandpa|businessman|business man|businesswoman|business woman|customer|client|' +
  'employee|worker|manager|ceo|founder|co-founder|boss|user|someone|people person|dude|mother|father|mom|dad|mum|daughter|son|sister|' +
  'brother|bride|groom|friend|colleague|secretary|assistant woman|entrepreneur|speaker|influencer|hipster|hippie|nun|monk|punk|student|teacher|' +
  'doctor|nurse|programmer|developer|designer|painter|scientist|farmer|chef|policeman|pilot|singer|lawyer|engineer|builder|detective|' +
  'firefighter|astronaut|model woman|athlete|writer|journalist|photographer|barista|waiter|waitress|recruiter|consultant|accountant|dentist|gamer|musician|baby|cook|fireman|police officer|policewoman|cop|captain|baker|judge|surgeon|pharmacist|graduate|king|queen|prince|princess|construction worker|factory worker|gardener|carpenter|plumber|electrician|veterinarian|paramedic|security guard|soldier|sailor|librarian|butcher|flight attendant|receptionist|cashier|shopkeeper|salesman|saleswoman|salesperson|delivery man|delivery driver|courier|driver|taxi driver|truck driver|bus driver|coach|trainer|therapist|psychologist|social worker|technician|analyst|data analyst|data scientist|data engineer|software engineer|software developer|web developer|frontend developer|backend developer|full stack developer|fullstack developer|devops engineer|qa engineer|tester|product designer|product owner|scrum master|hr manager|office manager|account manager|store manager|marketer|marketing specialist|copywriter|blogger|content creator|podcaster|streamer|youtuber|dj|actor|actress|dancer|artist|teenage girl|teenage boy|young man|young woman|young girl|young boy|little girl|little boy|schoolgirl|schoolboy|granny|neighbour|neighbor|tourist|patient|intern|apprentice|craftsman|miner|president|politician|director|executive|business owner|shop owner|homeowner|mayor|presenter|reporter|tutor|researcher|veteran|aunt|uncle|wife|husband|coo|vp|head of sales|head of marketing|head of engineering|chief executive officer|technical writer|happy customer|satisfied customer|happy client|customer service agent|customer support representative|customer service rep|support representative|support specialist|call center operator|service agent|help desk agent|support engineer|sysadmin|system administrator|customer success manager|customer service representative|representative|member|product manager|ux designer|graphic designer|project manager|team lead|marketing manager|cto|cfo|professor|sales manager|web designer|personal trainer|support agent|customer support agent|call center agent|agent|sales agent|hairdresser|mechanic|architect|freelancer';

/** Persons whom a portrait shows by their clothes, and better than the model. */
export const FACES =
  'doctor|nurse|scientist|teacher|student|programmer|engineer|developer|designer|chef|cook|firefighter|fireman|police officer|policeman|' +
  'policewoman|cop|farmer|pilot|captain|singer|painter|builder|detective|mechanic|lawyer|waiter|waitress|barista|baker|judge|dentist|surgeon|' +
  'pharmacist|architect|professor|businessman|businesswoman|graduate|king|queen|prince|princess|construction worker|factory worker|gardener|' +
  'carpenter|plumber|electrician|veterinarian|paramedic|security guard|soldier|sailor|photographer|journalist|librarian|butcher';

/** Persons whom a portrait shows better than the model where nothing else is named: "a woman", not "a woman on a horse". */
export const ALONE =
  'man|woman|boy|girl|grandmother|grandfather|grandma|grandpa|baby|person|child|kid|guy|lady|adult|human';

/** Words about a person that only a portrait can show. */
export const LOOKS =
  'beard|bearded|moustache|mustache|goatee|stubble|glasses|eyeglasses|spectacles|sunglasses|hair|haired|curly hair|curly|curls|long hair|short hair|' +
  'straight hair|wavy hair|blond|blonde|brunette|redhead|ginger|red hair|red-haired|blond hair|blonde hair|black hair|brown hair|grey hair|' +
  'gray hair|white hair|bald|ponytail|bun|braids|dreadlocks|afro|bob|bob haircut|bangs|mohawk|hijab|headscarf|turban|beanie|hat|cap|' +
  'earrings|freckles|smiling|smile|laughing|serious|frowning|surprised|winking|young|old|elderly|aged|middle aged|middle-aged|senior|' +
  'black man|black woman|asian|african|european|indian|white|hispanic|latino|latina|arab|caucasian|dark skin|light skin|dark skinned|light skinned|dark-skinned|pale skin|tanned|brown skin|fair skin|skin|' +
  'suit|suit and tie|blazer|shirt|t-shirt|hoodie|sweater|pullover|dress|tie|jacket|overall|overalls|collar|turtleneck|scarf|blue eyes|green eyes|brown eyes|eyes|necklace|piercing|headset|stethoscope|crown|helmet|hard hat|lab coat|white coat|scrubs|chef hat|graduation cap|uniform|red lips|lipstick|happy|sad|angry|friendly|confident';
