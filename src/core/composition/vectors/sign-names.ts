// The interface signs that Easel draws, the icon of Phosphor for each, and the words that ask for it.

export const HUES = [
  'blue',
  'green',
  'red',
  'amber',
  'violet',
  'teal',
  'pink',
  'slate',
  'orange',
] as const;
export type Hue = (typeof HUES)[number];

export interface Sign {
  /** Of the icon in Phosphor. */
  readonly icon: string;
  readonly hue: Hue;
  /** Phrases that ask for the sign whatever else is said: what only an interface has. */
  readonly phrases: readonly string[];
  /** Phrases that also name a thing, and ask for the sign only beside a word such as "icon". */
  readonly withIcon: readonly string[];
}

/** icon; hue; phrases; phrases that need a word such as "icon". Separated by `;` and `,`. */
const TABLE = `
download-simple; blue; download, downloading, save to disk; arrow down to line
upload-simple; blue; upload, uploading; share up
cloud-arrow-up; blue; upload to cloud, upload to a cloud, upload to the cloud, cloud upload, cloud backup, upload cloud, backup; -
cloud-arrow-down; blue; download from cloud, download from the cloud, cloud download, download cloud; -
cloud-check; green; cloud sync, cloud synced, cloud saved, synced; -
cloud-slash; slate; offline, cloud offline, no connection; -
cloud; blue; cloud storage, cloud computing, saas; cloud
user; blue; user, user account, account, member; person, profile, single user, man, woman
user-circle; violet; user profile, profile picture placeholder, my account, default avatar, user avatar icon, avatar icon, profile; avatar, person
users; blue; users, user group, members, contacts, people icon, team members; people, group, team, user list
users-three; violet; community, user community, organization members; community
user-plus; green; add user, invite user, new user, sign up, register, invite, add friend; -
user-minus; red; remove user, unfollow; -
user-check; green; verified user, follower, following; -
user-gear; slate; user settings, account settings, admin, administrator; -
identification-card; blue; id card, identity card, identification, contact card, vcard; -
map-pin; red; map pin, location pin, location marker, map marker, geolocation, pin on a map, place marker, gps pin, location; pin, place, address, map point, gps
map-trifold; green; -; map
navigation-arrow; blue; navigation arrow, current location; navigation
compass; teal; -; compass, explore
git-branch; orange; git branch, branching, version control, branch of git, source control, git; branch
git-commit; orange; git commit, commit; -
git-merge; violet; git merge, merge branch, merged; merge
git-pull-request; green; git pull request, pull request, merge request; -
git-fork; slate; git fork, fork a repository, repository fork; fork
git-diff; blue; git diff, code diff, diff, compare changes; -
chat-circle-dots; blue; chat bubble, speech bubble, chat, typing, live chat, comment bubble, comment; bubble, whatsapp, twitter, speech balloon
chats-circle; teal; messages, conversation, chats, messaging, discussion, instant messaging; discord
chat-text; blue; message, text message, sms, comments, feedback, review comment; -
quotes; violet; quote, quotation marks, quotation, blockquote; -
database; violet; database, data storage, sql, data store, db; -
hard-drives; slate; server, servers, server rack, data center, data centre, hosting, web server, backend; -
hard-drive; slate; hard drive, hard disk, disk storage, storage, ssd; -
code; blue; code, source code, html, coding, programming, code brackets, developer icon, embed; developer, source
brackets-curly; amber; json, curly brackets, curly braces, snippet; -
terminal-window; slate; terminal, command line, shell, console, cli, command prompt, bash; prompt
file-code; blue; code file, script file, source file; -
webhooks-logo; pink; webhook, webhooks; -
plugs-connected; violet; api, integration, integrations, connected, connection, rest api, plugin integration; -
plug; slate; plugin, add-on, extension plugin; plug
puzzle-piece; violet; extension, extensions, plugins, module, addon; puzzle, puzzle piece
gear; slate; settings, preferences, configuration, options, config; gear, cog, gear wheel, cogwheel, cog wheel, settings gear, settings cog, gears, cogs
sliders-horizontal; slate; sliders, adjustments, controls, filters, fine tuning; slider
magnifying-glass; blue; search, find, search bar, lookup; magnifying glass, magnifier, magnifying lens, lens, loupe, search lens
magnifying-glass-plus; blue; zoom in, zoom; -
magnifying-glass-minus; blue; zoom out; -
list; slate; menu, hamburger menu, navigation menu, nav; three lines, hamburger
dots-three-circle; slate; more options, more menu, three dots, ellipsis, overflow menu; more, dots, kebab, meatball menu, meatballs menu, meatballs, vertical dots, horizontal dots
squares-four; blue; apps, grid view, app launcher, categories; grid
list-bullets; slate; list, list view, bullet list, unordered list; -
list-checks; green; checklist, to-do list, todo list, task list, tasks, todo, to do list; -
kanban; blue; kanban, kanban board, project board; -
funnel; blue; filter, filtering, conversion funnel, sales funnel; funnel
sort-ascending; slate; sort, sorting, sort ascending, order by; -
share-network; blue; share, sharing, social share, social media; -
export; blue; export, exporting, share out; -
copy; slate; copy, duplicate, copy to clipboard; -
clipboard-text; amber; paste, clipboard, form document; clip board
link; blue; link, hyperlink, url, chain link, permalink; chain
link-break; red; broken link, unlink, dead link; -
arrow-square-out; blue; external link, open in new tab, open in new window, outbound link; external, new tab, new window
sign-in; green; log in, login, sign in, signin, enter; entry
sign-out; red; log out, logout, sign out, signout, exit; leave, power off
key; amber; password, api key, access key, credentials, passkey; key
password; slate; password field, pin code, passcode, one-time password, otp, two-factor; -
fingerprint; violet; fingerprint, biometric, touch id, biometrics; -
shield-check; green; security, secure, protection, privacy, verified, safety, data protection; shield
shield-warning; amber; security warning, security alert, vulnerability; -
lock; amber; locked, encryption, encrypted, private; lock, padlock, closed lock, locked padlock
lock-open; green; unlock, unlocked, open lock, open access; unlocked padlock, open padlock
credit-card; violet; credit card, payment, debit card, card payment, checkout payment, billing, pay; bank card, card
wallet; amber; digital wallet, payment method; wallet
money; green; cash, payout; money, banknote
coins; amber; pricing, price, cost, savings; coins, coin, coins stack, stack of coins
currency-circle-dollar; green; dollar, currency, revenue, finance; dollar coin, dollar sign
invoice; blue; invoice, bill; -
receipt; green; receipt, order history, transaction; -
shopping-cart; blue; shopping cart, add to cart, checkout, e-commerce, ecommerce, cart; trolley, shopping trolley
shopping-bag; pink; -; shopping bag, bag
basket; orange; shopping basket; basket
storefront; teal; -; shop, store, storefront, marketplace
tag; pink; price tag, label, discount tag, coupon tag, tags; tag, label tag
percent; red; discount, percent, percentage, special offer; percent sign
gift; pink; voucher, gift card, reward; gift, present
truck; blue; delivery, shipping, free delivery, fast delivery, free shipping, shipment; truck, delivery truck, lorry, van
package; amber; package, parcel, product, inventory, npm package; box, cardboard box, delivery box
barcode; slate; barcode, bar code; -
qr-code; slate; qr code, qr; -
chart-bar; blue; bar chart, bar graph, statistics, stats, poll; chart, graph
chart-line-up; green; line chart, growth, analytics, growth chart, line graph, increase, performance; trend
chart-line-down; red; decline, decrease, falling chart, loss; -
chart-pie-slice; violet; pie chart, market share; -
chart-donut; teal; donut chart, doughnut chart, ring chart; -
gauge; orange; speedometer, gauge, page speed, high performance; -
presentation-chart; blue; presentation, slides, keynote, report; -
trend-up; green; trending, trend up, going up; -
layout; blue; layout, template, dashboard layout, page layout, wireframe; -
sidebar-simple; slate; sidebar, side panel; -
columns; slate; columns, split view; -
table; slate; data table, spreadsheet, table view; -
calendar-blank; red; calendar, date picker, schedule, appointment, event, date; month, calendar page
calendar-check; green; booking, book appointment, confirmed date, reservation; -
clock; blue; time, history of time, opening hours, duration, recent; clock, watch, wristwatch
clock-counter-clockwise; slate; history, recently viewed, restore, version history; -
hourglass-medium; amber; waiting, pending, loading time; hourglass
timer; red; timer, stopwatch, countdown; -
alarm; red; alarm, reminder; alarm clock
bell; amber; notification, notifications, alert bell, subscribe; bell
bell-ringing; amber; new notification, notification alert; ringing bell
bell-slash; slate; mute notifications, notifications off, do not disturb, silent; -
envelope-simple; blue; email, e-mail, mail, inbox message, newsletter, contact us, contact; envelope, letter, message envelope, closed envelope
envelope-open; blue; open email, read mail; open envelope
paper-plane-tilt; blue; send, send message, submit, telegram; paper plane
tray; slate; inbox, tray; -
archive; amber; archive, archived; -
at; violet; at sign, mention, email address; -
phone; green; call, phone call, phone number, contact phone, hotline; phone, telephone, handset
phone-slash; red; hang up, end call; -
device-mobile; slate; mobile app, mobile phone icon, responsive; mobile, smartphone, cell phone
device-tablet; slate; -; tablet
laptop; slate; -; laptop
desktop; slate; -; desktop, computer, monitor
devices; blue; devices, responsive design, all devices, cross platform, multi-device; -
keyboard; slate; keyboard shortcut, shortcuts; keyboard
mouse-simple; slate; -; mouse
printer; slate; print; printer
cursor-click; blue; click, cursor, call to action, mouse pointer, pointer; -
hand-tap; blue; tap, touch, touch screen, gesture; tap gesture, finger tap
video-camera; red; video call, video chat, video recording, webinar, record video; video, video camera
monitor-play; red; video player, watch video, streaming, tutorial video, webinar video, livestream; youtube
microphone; red; voice, voice message, record audio, podcast, dictation, speech; microphone, mic
microphone-slash; red; muted microphone, mic off, mute microphone; -
speaker-high; blue; volume, sound, audio, volume up, sound on; speaker, loudspeaker
speaker-slash; slate; mute, muted, sound off, volume off; speaker off, speaker mute
headphones; violet; -; headphones
headset; teal; customer support, customer service, help desk, helpdesk, call center, call centre, support; headset
music-notes; pink; music player; music, music note
image; green; image placeholder, no image, image file, insert image, placeholder image, photo placeholder, picture placeholder; image, picture, photo
images; green; gallery, photo gallery, image gallery, photo album; images, photos
image-broken; red; broken image, missing image, image not found; -
camera; slate; take photo, screenshot; camera, instagram
film-strip; violet; -; film, movie
file; slate; new document, blank file; file, document page
file-text; blue; document, text file, text document, docs, documentation, article, terms, terms and conditions; page, paper, file document, doc
file-pdf; red; pdf, pdf file, pdf document; -
file-csv; green; csv, csv file; -
file-zip; amber; zip, zip file, zip archive; -
file-arrow-up; blue; upload file, file upload, attach file; -
file-arrow-down; blue; download file, file download; -
file-plus; green; new file, add file, create document; -
file-magnifying-glass; blue; file search, no files found, search document; -
files; slate; files, documents; -
folder; amber; directory; folder
folder-open; amber; open folder, empty folder, browse files; -
folder-plus; amber; new folder, add folder; -
paperclip; slate; attachment, attach, attachments; paperclip, clip
floppy-disk; blue; save, save file, save changes; floppy disk, floppy, disk, diskette, save button
play; green; play, play button, start, run; -
play-circle; green; play video, start video; -
pause; amber; pause, pause button; -
stop; red; stop playback, stop button; -
record; red; record, recording; -
skip-forward; slate; next track, skip, fast forward; -
skip-back; slate; previous track, rewind; -
shuffle; slate; shuffle, random; -
repeat; slate; repeat, loop; -
playlist; violet; playlist, queue; -
wifi-high; blue; wifi, wi-fi, wireless, internet connection, wireless network, hotspot; wlan, wi fi
wifi-slash; red; no wifi, no internet, wifi off, no internet connection; -
bluetooth; blue; bluetooth; -
cell-signal-full; blue; signal strength, mobile signal, cell signal; signal
broadcast; orange; broadcast, live, live stream, on air, radio signal, antenna; -
rss; orange; rss, rss feed, blog feed; -
battery-high; green; battery level, battery; -
battery-charging; green; battery charging, charging; -
battery-low; red; battery low, low battery; -
cpu; teal; cpu, processor, chip, microchip, semiconductor; computer chip
memory; teal; memory, ram; -
circuitry; teal; circuit, circuit board, hardware; -
graphics-card; teal; gpu, graphics card; -
robot; violet; chatbot, bot, ai assistant, virtual assistant; robot, android robot
sparkle; violet; ai, artificial intelligence, generate, magic, ai generated, new feature; sparkle, sparkles
brain; pink; machine learning, intelligence, deep learning; brain
magic-wand; violet; auto fix, wizard setup; magic wand, wand
globe; blue; website, internet, world wide web, www, web, international, global, online; globe, world
translate; blue; language, languages, translate, translation, localization, i18n; -
sun; amber; light mode, light theme, brightness; sun
moon; violet; dark mode, dark theme, night mode; moon
circle-half; slate; contrast, theme, theme switcher, toggle theme, dark and light mode; -
palette; pink; color palette, colour palette, theming, color theme, branding; palette, paint palette
swatches; pink; swatches, color swatches; -
eyedropper; pink; color picker, colour picker, eyedropper; -
eye; blue; show password, visibility, visible, preview, view, views; eye, show
eye-slash; slate; hide password, hidden, invisible, hide; -
heart; pink; favorite, favourite, like, wishlist, add to favorites, health; heart, love, favourites, red heart
star; amber; rating, favorites, featured, star rating; star, favourite star
thumbs-up; blue; thumbs up, like button, approve, recommend; facebook, thumb up
thumbs-down; red; thumbs down, dislike, disapprove; thumb down
bookmark-simple; violet; bookmark, save for later, bookmarks; -
flag; red; report content, milestone, report abuse; flag
trophy; amber; achievement, winner, leaderboard; trophy, cup trophy, prize
medal; amber; badge, award; medal, award medal, ribbon
crown; amber; premium, vip, pro plan; crown
certificate; amber; certificate, certification, license, licence; -
seal-check; blue; verified badge, quality, guarantee, certified, warranty, verified account; -
house; blue; home, homepage, home page; house
buildings; slate; company, office, enterprise, headquarters; buildings, building, office building
briefcase; amber; business, job, jobs, career, careers, portfolio, work; briefcase, linkedin
handshake; teal; partnership, partners, deal, agreement, partner; handshake
trash; red; delete, remove, trash, recycle bin, bin, discard; trash can, dustbin, garbage, garbage can, rubbish, rubbish bin, waste bin, wastebasket, trashcan, waste basket
pencil-simple; amber; edit, editing, rename, write, compose; pencil, pen, edit pen, edit pencil, pencil edit
note-pencil; amber; compose note, new note, write a post; note
plus-circle; green; add, plus, create, new, add item, add button; plus sign, add sign
minus-circle; red; minus, subtract, remove item; minus sign
check-circle; green; success, check, checkmark, check mark, done, completed, complete, confirmed, confirmation, ok, tick, approved, thank you; tick mark, green tick, green check, green checkmark, green check mark
check-square; green; checkbox, checked; -
checks; blue; read receipt, double check, delivered; -
x-circle; red; error, close, cancel, x mark, failed, failure, fail, cross mark, wrong, rejected; cross
x; slate; close button, x button, dismiss; cross, close x
warning; amber; warning, caution, alert, attention, danger; warning triangle, alert triangle, warning sign
warning-circle; orange; important, exclamation mark, exclamation; -
info; blue; info, information, about, details, tooltip; i, info circle
question; violet; help, question, question mark, faq, support question; -
lifebuoy; red; help center, help centre, support ring; lifebuoy
lightbulb; amber; idea, tip, hint, ideas, inspiration; light bulb, bulb, lamp bulb, idea bulb
prohibit; red; forbidden, blocked, not allowed, prohibited, ban, access denied, block; -
arrows-clockwise; blue; refresh, reload, sync, synchronize, update, retry; rotate, cycle
arrow-counter-clockwise; slate; undo, reset, revert; -
arrow-clockwise; slate; redo; -
spinner-gap; blue; loading, loader, spinner, loading spinner, please wait; progress, throbber
arrow-up; blue; arrow up, up arrow, scroll to top, back to top; -
arrow-down; blue; arrow down, down arrow, scroll down; -
arrow-left; blue; arrow left, left arrow, back, go back, previous; -
arrow-right; blue; arrow right, right arrow, next, continue, forward; arrow
arrows-left-right; blue; transfer, swap, exchange, compare; -
arrows-out; slate; fullscreen, full screen, maximize, expand; -
arrows-in; slate; exit fullscreen, minimize, collapse; -
caret-up; slate; chevron up; -
caret-down; slate; chevron down, dropdown, drop-down; -
caret-left; slate; chevron left; -
caret-right; slate; chevron right, chevron; -
wheelchair; blue; accessibility, accessible, disabled access; wheelchair
person-arms-spread; blue; universal access, a11y; -
bug; red; bug report, debug, debugging, bug tracker, software bug, report a bug; bug, insect, beetle
test-tube; teal; unit test, testing, software testing, beta; test tube
flask; teal; experiment, lab, labs, experimental; flask, chemistry, erlenmeyer, science
rocket-launch; violet; launch, deploy, deployment, startup, get started, quick start, release; rocket, rocket ship, space ship, spaceship
lightning; amber; fast, speed, quick, power, instant, performance boost; lightning, lightning bolt, bolt, flash, thunderbolt
target; red; goal, target, objective, aim, goals; -
strategy; teal; strategy, planning; -
tree-structure; blue; diagram, architecture diagram, system diagram, uml diagram, class diagram, process diagram, flowchart, flow chart, sitemap, hierarchy, org chart, organization chart, workflow, file tree, tree structure; diagram, tree diagram, flowchart, flow chart
flow-arrow; blue; data flow, pipeline, ci/cd, process flow, automation; ci cd
graph; violet; network graph, nodes, node graph, knowledge graph; -
network; blue; network, lan, computer network, infrastructure; -
stack; blue; layers, stack, tech stack; layer
cube; orange; container, 3d model, block, docker; cube
wrench; slate; maintenance, under maintenance, tools, repair, build tools; wrench, spanner
hammer; slate; under construction, build; hammer
paint-brush; pink; design, art tool, customize; paintbrush
crop; slate; crop; -
text-aa; slate; typography, font, font size, text size; -
text-t; slate; text, text tool, heading; -
textbox; slate; input field, text field, form field, text input; -
toggle-right; green; toggle, switch toggle, toggle switch, switch on; switch, on off, on off switch
cookie; amber; cookie consent, cookie banner, cookies policy; -
gavel; amber; legal, law, court; gavel
scales; amber; justice, legal balance; scales
graduation-cap; violet; education, course, e-learning, online course, learning, courses; graduation cap, mortarboard, academic cap, academic hat
book-open; blue; guide, manual, handbook, read more, blog, reading; open book, book
newspaper; slate; news, press, latest news; newspaper
megaphone; orange; announcement, marketing, promotion, advertising, campaign; megaphone, loudhailer, bullhorn
ticket; pink; support ticket, tickets, coupon; ticket
first-aid-kit; red; medical, emergency; first aid kit
heartbeat; red; health monitoring, heart rate, pulse; -
leaf; green; eco, eco friendly, sustainability, sustainable, organic; leaf
recycle; green; recycling, recycle; -
usb; slate; usb, flash drive, usb stick; -
scan-smiley; violet; face id, face recognition, facial recognition; -
chart-scatter; blue; scatter plot, scatter chart; -
line-segments; teal; timeline, milestones; -
hash; slate; hashtag, hash sign, channel; slack
currency-eur; blue; euro; -
currency-gbp; violet; pound sterling, pound sign; -
currency-jpy; red; yen; -
calculator; slate; accounting; calculator
identification-badge; blue; id badge, name badge, employee badge; -
screencast; blue; screencast, screen cast, screen sharing, cast; -
text-b; slate; bold; -
text-italic; slate; italic; -
bezier-curve; violet; vector graphics, bezier curve, pen tool; vector
diamonds-four; violet; components, design system, component library; -
ruler; amber; -; ruler
path; green; route, journey map, customer journey, navigation route; -
stairs; slate; -; stairs
escalator-up; slate; -; escalator
elevator; slate; -; elevator
fan; teal; -; wind turbine
solar-panel; blue; solar power; solar panel
charging-station; green; ev charger, charging station; -
drone; slate; -; drone
syringe; blue; vaccination; syringe, vaccine
ambulance; red; -; ambulance
bandaids; amber; -; bandage, band-aid
lamp; amber; -; lamp
barbell; slate; fitness, gym; dumbbell, barbell, weights, weight lifting
steering-wheel; slate; -; steering wheel
letter-circle-p; blue; parking; -
gas-pump; red; gas station, fuel; gas pump
virtual-reality; violet; virtual reality, augmented reality, vr headset; -
sphere; blue; 360 view; -
github-logo; slate; github, github logo, octocat; -
`;

function cells(text: string): readonly string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== '-');
}

/** Signs by name, which is that of the icon. */
export const SIGNS: ReadonlyMap<string, Sign> = new Map(
  TABLE.trim()
    .split('\n')
    .map((line) => {
      const [icon = '', hue = '', phrases = '', withIcon = ''] = line
        .split(';')
        .map((cell) => cell.trim());
      if (!isHue(hue)) throw new TypeError(`${icon}: "${hue}" is no hue.`);
      return [icon, { icon, hue, phrases: cells(phrases), withIcon: cells(withIcon) }];
    }),
);

function isHue(text: string): text is Hue {
  return (HUES as readonly string[]).includes(text);
}
