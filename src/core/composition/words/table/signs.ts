/**
 * Words that become a drawing in vectors, because the model does not draw them well: the name of the drawing (see
 * ../../vectors/), and the words. What is not here and not a thing of the model can still be a sign of the
 * library: the caller asks `findVector`.
 */
/** "A developer at a desk" and the like, which is one drawing. */
const AT_A_DESK = [
  'person',
  'developer',
  'programmer',
  'designer',
  'man',
  'freelancer',
  'employee',
  'student',
  'coder',
]
  .flatMap((who) =>
    [
      'at a desk',
      'at the desk',
      'at a computer',
      'working at a desk',
      'sitting at a desk',
      'working at a computer',
      'working on a laptop',
      'working on laptop',
      'working on a computer',
      'on a laptop',
      'with a laptop',
      'with laptop',
      'using a laptop',
      'using a computer',
      'typing on a laptop',
      'typing on a keyboard',
      'coding on a laptop',
      'coding',
      'writing code',
      'working',
      'working from home',
    ].map((where) => `${who} ${where}`),
  )
  .join('|');

/** Things that are in a drawing already: "a developer at a desk | with two monitors". */
export const SIGN_PARTS: Readonly<Record<string, string>> = {
  desk: 'computer|laptop|chair|coffee|plant|keyboard|phone',
};

export const SIGNS: Readonly<Record<string, string>> = {
  desk: `${AT_A_DESK}|remote work|working from home|home office|remote worker|working remotely|remote team|home office worker|work from home|office worker`,
  team: 'conference|tech conference|developer conference|meetup|summit|about us|about us page|about page|about us illustration|our story|panel|group discussion|focus group|agile team|daily standup|standup meeting|team meeting|business meeting|meeting|teamwork|collaboration|people in a meeting|people working|people working together|working together|team at work|workshop|office team|team of developers|brainstorming session',
  handshake:
    'handshake|hand shake|business handshake|shaking hands|business deal|partnership|two people shaking hands',
  bakery: 'bakery|bakery storefront|bakery shop|pastry shop|bakery store',
  'shop-front':
    'shop|small shop|storefront|store front|shopfront|shop front|store|boutique|grocery store|corner shop|supermarket|local shop|flower shop|small business',
  cabin: 'cabin|log cabin|wooden cabin|mountain hut|chalet|cabin in the woods|wooden house',
  bicycle: 'bike|bicycle|bicycles|road bike|city bike|racing bike',
  'sail-boat': 'sailboat|sailing boat|sail boat|sailing ship|sailboats|sailing boats|yacht',
  'hot-air-balloon': 'hot air balloon|hot-air balloon|hot air balloons|hot-air balloons',
  'palm-tree': 'palm|palm tree|palm trees|coconut palm|coconut tree|palms',
  tent: 'tent|camping tent|camping|camping trip|campsite|campground',
  bridge:
    'bridge|bridge over a river|bridge over water|suspension bridge|golden gate bridge|golden gate',
  street:
    'row of houses|townhouses|terraced houses|houses on a street|row houses|colourful houses|colorful houses',
  'phone-mockup':
    'phone mockup|mobile phone mockup|smartphone mockup|app mockup|phone screen|app screen|mobile app|mobile app screen|iphone mockup|smartphone with app screen|phone with app|smartphone with an app|mobile app mockup|app screenshot',
  'bar-chart':
    'chart|graph|charts|graphs|histogram|bar chart|bar graph|bar charts|column chart|sales chart|statistics chart|statistics',
  'line-chart':
    'line chart|line graph|growth chart|rising chart|stock chart|revenue chart|sales growth|business growth|revenue growth|analytics chart|stock market',
  'donut-chart': 'donut chart|doughnut chart|ring chart',
  'code-editor':
    'async await|async|callback|closure|recursion|algorithm|algorithms|data structure|data structures|regex|regular expression|regular expressions|unit of code|typescript|javascript|react|vue|vue js|angular|svelte|next js|node js|nodejs|node|django|rails|laravel|golang|php|css|html css|tailwind|webpack|frontend|front end|web development|web developer tools|hackathon|open source|refactoring|clean code|code review|programming language|software development|code editor|editor with code|ide|programming|coding|source code on a screen|code on a screen|laptop with code|javascript code|code screenshot',
  'map-with-pin':
    'map|maps|map with pin|map with a pin|map with a marker|location map|map with location pin|map with marker|find us|store locator|map placeholder',
  lighthouse: 'lighthouse|lighthouses|light house',
  download:
    'download|downloads|download button|download arrow|file download|download file|download app|free download|downloading',
  upload:
    'upload|uploads|upload button|file upload|upload file|upload arrow|uploading|drag and drop',
  'cloud-upload':
    'cloud upload|upload to a cloud|upload to the cloud|upload to cloud|cloud backup|upload cloud|cloud sync',
  'cloud-download':
    'cloud download|download from the cloud|download from a cloud|download from cloud|download cloud',
  'cloud-off': 'cloud off',
  'map-pin':
    'map pin|map pins|location pin|map marker|location marker|pin on a map|geo pin|location icon|place pin|gps pin|location|gps|address pin|map location|directions',
  'git-branch':
    'git branch|branch icon|code branch|version branch|branching|git branches|version control',
  'git-merge': 'git merge|merge',
  'git-commit': 'git commit|commit',
  'git-pull-request': 'git pull request|pull request|pull requests',
  'git-fork': 'git fork|repository fork|fork icon',
  git: 'git repository|git|git repo',
  chat: 'chat bubble|chat bubbles|chat|chats|chat icon|message bubble|messages|message icon|messaging|chat window|speech bubbles|text message|live chat|conversation|conversations|chatting|instant messaging|sms|comment bubble',
  database:
    'nosql|mongodb|redis|data lake|data warehouse|sqlite|database|databases|db|database server|sql|sql database|data storage|database table|postgres|mysql|data center database|data base',
  server:
    'server|servers|server rack|data center|datacenter|data centre|web server|backend|cloud server|hosting server|server room',
  user: 'user profile|user|users profile|profile icon|user icon|account icon|user account|my account|profile page|person icon|user silhouette|profile silhouette|anonymous user|default user|member icon|people icon single|login user|guest user|contact person|account|profile|avatar icon|person silhouette|anonymous avatar|default avatar|placeholder avatar|user profile avatar',
  users:
    'users|user group|group icon|users group|team icon|people icon|multiple users|members|members icon|community icon|contacts|user management|friends icon|user list|customers icon|group of users',
  'user-plus':
    'add user|new user|user plus|invite user|invite friends|add friend|sign up|register|registration',
  login: 'log in|login|sign in|login button|sign-in|login page|login screen|log on',
  logout: 'log out|logout|sign out|logout button|sign-out|log off|exit icon',
  menu: 'hamburger menu|menu icon|hamburger icon|burger menu|nav menu|navigation menu|hamburger menu icon',
  filter: 'filter|filters|filter icon|funnel|sales funnel|marketing funnel',
  sort: 'sort|sorting|sort icon',
  refresh:
    'refresh|reload|sync|synchronize|refresh arrows|synchronization|update|updates|retry|restart|rotate arrow|system update',
  share: 'share|sharing|share button|social share|social sharing',
  'external-link': 'external link|open in new tab|open link|open external',
  link: 'hyperlink|url|link|web link|copy link|broken link',
  copy: 'copy|duplicate|copy to clipboard|copy icon',
  paste: 'paste|paste icon',
  'dots-vertical': 'more options|three dots|kebab menu|more menu|ellipsis',
  dashboard:
    'dashboard chart|analytics dashboard|data analytics|data dashboard|dashboard mockup|dashboard screenshot|dashboard icon|dashboard layout|admin panel|admin dashboard|dashboard|control panel',
  sliders: 'sliders|adjustments|equalizer|controls|preferences sliders|tuning',
  toggle: 'toggle|toggle switch|switch button|on off switch',
  wifi: 'wi-fi|wi fi|wireless network|wifi signal',
  'wifi-off':
    'no internet|no connection|no internet connection|connection lost|you are offline|offline|no network|no wifi|wifi off|network error|connection error|offline mode|lost connection',
  bluetooth: 'bluetooth',
  cpu: 'cpu|processor|chip|microchip|computer chip|semiconductor|gpu|hardware',
  memory: 'ram memory|memory chip|ram module',
  'hard-drive': 'hard drive|hard disk|ssd|hdd|disk drive',
  code: 'code icon|code brackets|angle brackets|source code|html tag|coding icon|html|source code icon|code|snippet|code snippet',
  terminal:
    'terminal|command line|console prompt|shell prompt|command prompt|cli|terminal window|terminal icon',
  braces: 'json|curly braces|curly brackets|json file',
  api: 'graphql|api|rest api|api icon|web api|webhook|webhooks|endpoint',
  'file-code': 'code file|source file|script file',
  'file-text': 'text file|file icon|document icon|doc file|file|files',
  'file-plus': 'new file|add file|new document|create file',
  'folder-plus': 'new folder|add folder|create folder',
  table: 'table icon|data table|spreadsheet|spreadsheets|excel sheet|table grid',
  list: 'list icon|bullet list|list|bulleted list|item list',
  layout:
    'layout|wireframe|page layout|website layout|template|templates|web layout|grid layout|page template',
  browser:
    'portfolio|portfolio website|portfolio project|portfolio piece|project|project thumbnail|side project|landing page design|browser window|browser|web browser|website window|browser tab|website mockup|web page window|browser icon|app window|window frame',
  photo:
    'image icon|photo icon|picture icon|gallery icon|image placeholder|photo placeholder|no image|missing image|image not found|picture placeholder|add photo|gallery|image gallery|no image available|broken image|image upload|broken image icon',
  video: 'video icon|video player|play video|video placeholder',
  'play-circle': 'play icon|video play button|play circle',
  'qr-code': 'qr code|qr|qrcode|qr-code',
  barcode: 'barcode|bar code',
  fingerprint: 'fingerprint|finger print|biometric|biometrics|touch id|thumbprint',
  'shield-check':
    'shield check|verified shield|security check|secure payment|secure checkout|protected|secured',
  translate:
    'translate|translate icon|language icon|language switch|language|change language|multilingual|multi language',
  accessibility: 'accessibility|accessible|a11y|wheelchair symbol',
  moon: 'dark mode|dark mode icon|night mode',
  sun: 'light mode|light mode icon',
  'eye-off': 'eye off|hide password|hidden|invisible|hide',
  'chart-pie': 'pie chart|piechart|pie graph|pie chart icon|market share',
  'chart-line': 'line chart icon',
  'chart-area': 'area chart|area graph',
  'chart-dots': 'scatter plot|scatter chart|bubble chart|scatterplot',
  'trending-up': 'trending up|trending|trend arrow|upward trend',
  'trending-down': 'trending down|downward trend|falling chart|decline|loss',
  sitemap:
    'diagram|architecture diagram|system architecture|software architecture|uml|uml diagram|er diagram|class diagram|process|three step process|process diagram|step by step|sitemap|site map|hierarchy|org chart|organisation chart|organization chart|tree diagram|flowchart|flow chart|workflow|organigram|flow diagram|workflow diagram',
  network:
    'client server|client server communication|client server architecture|dns|cdn|http|https|tcp|load balancer|microservice|microservices|monolith|websocket|websockets|message queue|kafka|event driven|network|network nodes|nodes|graph nodes|topology|blockchain|peer to peer|network diagram|social network|mesh network|connected nodes|distributed system|graph database|knowledge graph',
  timeline: 'roadmap|product roadmap|road map|project timeline|timeline|time line|milestones',
  kanban:
    'kanban|kanban board|scrum board|project board|task board|trello board|project management',
  bug: 'bug icon|debug|debugger|debugging|software bug|bug report|report a bug|bug',
  test: 'unit test|unit tests|unit testing|automated testing|e2e testing|end to end testing|integration test|integration tests|integration testing|test coverage|software testing',
  'flow-arrow':
    'ci cd|ci cd pipeline|ci cd pipeline diagram|pipeline|deployment pipeline|build pipeline|data pipeline|continuous integration',
  'circle-half':
    'light vs dark|light and dark mode|light and dark theme|dark and light mode|theme switcher',
  container: 'docker|docker container|containers|kubernetes',
  'cloud-computing':
    'cloud computing|cloud hosting|cloud storage|saas|cloud platform|cloud network|cloud service|cloud services|serverless|cloud solution|cloud infrastructure',
  rss: 'rss|rss feed|news feed icon|feed icon',
  at: 'at sign|at symbol|email at|@',
  percentage: 'percent|percent sign|percentage|percent symbol',
  wallet: 'wallet|digital wallet|e-wallet|purse wallet|crypto wallet|payment wallet',
  receipt: 'receipt icon',
  'id-badge': 'id badge|name badge|employee badge|name tag',
  headset:
    'headset|support agent|headset icon|call center agent|support headset|customer support headset',
  tablet: 'tablet|tablet computer|ipad|tablet device',
  devices:
    'responsive|responsive design|responsive devices|devices|multi device|responsive website|device mockup|multiple devices|phone and tablet|cross platform',
  'battery-charging': 'battery charging icon',
  'zoom-in': 'zoom in',
  'zoom-out': 'zoom out',
  maximize: 'fullscreen|full screen|maximize|expand|enlarge',
  minimize: 'minimize|collapse|shrink',
  undo: 'undo|undo arrow',
  redo: 'redo|redo arrow',
  'arrow-back': 'back arrow|go back|back button',
  'chevron-down': 'chevron down|dropdown arrow|dropdown|accordion arrow',
  'chevron-right': 'chevron right|chevron',
  'chevron-left': 'chevron left',
  'chevron-up': 'chevron up|scroll to top|back to top',
  'circle-plus':
    'add button|plus circle|create new|add new|add icon|new item|add item|plus icon|add',
  ban: 'ban icon',
  'info-circle':
    'info|info icon|information|info circle|information icon|about us|about icon|about page|info sign',
  'help-circle': 'help icon|help circle|support icon|question icon',
  'alert-triangle': 'alert triangle|alert icon|warning icon',
  'circle-check': 'check circle|success icon|circle check|done icon',
  'circle-x':
    'error icon|x circle|circle x|error circle|close icon|cancel|cancel icon|close|cancelled',
  paperclip: 'attachment|attachments|attach file|attach',
  quote: 'quotation mark|quote icon|quotes|quotation marks|quote|blockquote',
  bold: 'bold text icon|bold icon|bold',
  typography: 'typography|font|fonts|text icon|font icon|typeface|text tool|lettering',
  crop: 'crop|crop icon|crop tool',
  wand: 'magic wand icon',
  'color-swatch':
    'color swatch|colour swatch|color palette swatches|swatches|colour palette swatches|brand colors|brand colours',
  layers: 'layers|layer stack|layers icon|stack layers|tech stack|full stack',
  compass: 'compass icon|drawing compass',
  route: 'route|gps route|path on a map|navigation route|route map|journey map|customer journey',
  navigation: 'navigation arrow|gps navigation|send arrow navigation',
  send: 'send|send icon|paper plane|paper airplane|send message|paperplane|send email|message sent|email sent|submit|origami plane',
  inbox: 'inbox icon',
  archive: 'archive box|archive icon',
  'mail-opened': 'open envelope|opened envelope|email opened|read mail|open mail|open letter',
  windmill: 'windmill|wind mill|windmills',
  'wind-turbine': 'wind turbine|wind turbines|wind power|wind energy|wind farm',
  'solar-panel': 'solar panel|solar panels|photovoltaics|solar power',
  'charging-station': 'charging station|ev charger|electric vehicle charging|car charging station',
  scale:
    'scales of justice|balance scale|balance scales|lawyer|law firm|attorney|legal advice|weighing scale|justice scale|law scale|legal notice',
  gavel: 'gavel|judge hammer|auction',
  heartbeat: 'heartbeat|pulse|heart rate|ecg|ekg|cardiogram|vital signs',
  'first-aid-kit': 'first aid kit|first aid|medical kit|medkit|first aid box',
  gauge:
    'performance|performance optimization|performance optimisation|optimization|optimisation|benchmark|benchmarks|page speed|speedometer|gauge|performance meter|speed test|fuel gauge|speed meter|dashboard gauge',
  wheelchair: 'wheelchair icon',
  '360': '360 view|360 degrees|360',
  ar: 'augmented reality|virtual reality|vr|vr headset|vr goggles|virtual reality headset',
  sailboat: 'sailboat icon',
};

/** Signs that are used only where the words ask for an icon; else the model draws the thing. */
export const ICON_ONLY =
  'moon|sun|receipt|inbox|compass|wifi|bug|menu|wand|ban|sailboat|chart-line|login|api';

/** Drawings of ours that are better than what the model draws of the same thing. */
export const BETTER_THAN_MODEL =
  'tent|bridge|handshake|line-chart|bar-chart|shop-front|bicycle|palm-tree';

/** Words beside those of a sign that say how it is drawn. */
export const SIGN_FILLERS =
  'an?|the|of|for|my|our|your|simple|minimal|minimalist|modern|clean|flat|small|large|big|tiny|little|cute|nice|new|round|rounded|filled|line|' +
  'vector|svg|png|ui|app|web|website|website|mobile|button|please|draw|create|generate|material|set|style|styled|isometric|glossy|sketch';

/**
 * Signs whose words can stand in a sentence about something else ("share a meal", "a list of animals", "update"):
 * they count only where nothing else in the words is a thing.
 */
export const WEAK_SIGNS =
  'share|copy|paste|filter|sort|list|layout|link|send|table|code|git-merge|git-commit|photo|video|route|' +
  'network|timeline|flow-arrow|circle-half|refresh|circle-plus|circle-x|info-circle|layers|quote|crop|bold|typography|' +
  'undo|redo|translate|at|percentage|user|users|server|memory|test|file-text|network|layout|browser|dashboard|' +
  'cloud-computing|scale|maximize|minimize|devices|eye-off|container|navigation|sitemap|toggle|sliders|login|logout|' +
  'user-plus|trending-down|trending-up|tent|team|handshake|store|shield-check|accessibility|api|map-pin|chat|download|upload';
