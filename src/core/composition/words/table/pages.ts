/**
 * Pages and states of a program that people want an image for: the drawing, and the words. The drawing is a thing
 * of the model, `sign:` with the name of a vector drawing, or `text:` with large letters. It is used where the
 * words name no other subject ("empty state with a cat" is the cat).
 */
export const PAGES: readonly { readonly draws: string; readonly words: string }[] = [
  {
    draws: 'text:404',
    words:
      '404|404 page|404 error|error 404|404 error page|404 not found|page not found|not found|not found page|404 not found page|page missing|page does not exist|http 404|missing page|status 404',
  },
  {
    draws: 'text:500',
    words:
      '500 error|error 500|500 page|500 error page|internal server error|500 internal server error|server error|server error page|http 500',
  },
  {
    draws: 'text:403',
    words: '403|403 error|error 403|403 page|403 forbidden|forbidden page|403 error page|http 403',
  },
  { draws: 'text:401', words: '401|401 error|error 401|401 unauthorized|401 page|http 401' },
  {
    draws: 'text:503',
    words: '503|503 error|error 503|503 page|service unavailable|503 service unavailable|http 503',
  },
  { draws: 'text:502', words: '502|error 502|502 bad gateway|bad gateway|502 error' },
  { draws: 'text:429', words: 'error 429|too many requests|429 too many requests' },
  {
    draws: 'sign:photo',
    words: 'no photos|no photos yet|no images|no images yet|empty gallery|no pictures',
  },
  {
    draws: 'sign:empty-state',
    words:
      'empty state|no data|nothing here|nothing here yet|no items|no content|no items yet|empty list|no orders|no orders yet|no products|blank state|zero state|empty page|nothing to see here|nothing to show|no data yet|no data available|empty folder state|empty view|no records',
  },
  {
    draws: 'sign:no-results',
    words:
      'no results|no results found|no search results|nothing found|no matches|no match found|search empty state|empty search|empty search results|zero results|search results empty|empty results|0 results|no matching results',
  },
  {
    draws: 'shopping cart',
    words:
      'empty cart|cart is empty|your cart is empty|empty shopping cart|empty basket|empty bag|empty shopping bag',
  },
  {
    draws: 'inbox',
    words: 'empty inbox|inbox zero|no messages|no messages yet|no mail|no emails|no new messages',
  },
  { draws: 'bell', words: 'no notifications|no notifications yet|no alerts|empty notifications' },
  {
    draws: 'heart',
    words: 'no favourites|no favorites|empty wishlist|no favorites yet|wishlist empty|wishlist',
  },
  { draws: 'calendar', words: 'no events|no appointments|empty calendar|no upcoming events' },
  {
    draws: 'folder',
    words: 'no files|no files yet|empty folder|no documents|no projects|no projects yet',
  },
  { draws: 'note', words: 'no tasks|no tasks yet|no notes|no notes yet|all tasks done state' },
  {
    draws: 'sign:users',
    words: 'no users|no members|no contacts|no team members|no friends yet|no followers',
  },
  {
    draws: 'sign:unplugged',
    words:
      'offline page|offline state|no internet|no internet connection|no connection|connection lost|you are offline|no network|network error|connection error|no internet page|no connection page|offline error|connection lost page|no internet error',
  },
  {
    draws: 'tools',
    words:
      'maintenance|maintenance mode|maintenance page|site under maintenance|under maintenance page|scheduled maintenance|down for maintenance|we will be back soon|be right back',
  },
  {
    draws: 'barrier',
    words: 'under construction page|under construction|coming soon page|coming soon',
  },
  {
    draws: 'sign:welcome',
    words:
      'user onboarding|app onboarding|welcome page|welcome screen|welcome illustration|welcome|onboarding|onboarding screen|onboarding page|onboarding step|get started page|intro screen|welcome email|getting started page|first run|first run screen',
  },
  {
    draws: 'sign:success',
    words:
      'success page|success state|success screen|payment successful|payment success|order confirmed|order confirmation|order placed|success message|order complete|order success|thank you for your order|email verified|account created|registration complete|confirmation page',
  },
  { draws: 'heart', words: 'thank you page|thank you' },
  {
    draws: 'sign:broken-page',
    words:
      'error page|error state|something went wrong|oops|error message|general error|error screen|error|unexpected error|whoops|generic error|payment error|failed state|crash|app crash',
  },
  {
    draws: 'cross',
    words:
      'payment failed|payment declined|order cancelled|failure state|upload failed|transaction failed',
  },
  {
    draws: 'sign:login-form',
    words:
      'login page|login screen|sign in page|login illustration|sign up page|sign up screen|login form|sign up form|sign in form|sign up illustration|registration page|create account page',
  },
  {
    draws: 'lock',
    words:
      'forgot password|reset password|password reset|access denied page|private page|members only|two factor authentication|2fa|locked content|restricted access|session locked',
  },
  {
    draws: 'hourglass',
    words:
      'session expired|loading state|loading screen|loading page|please wait page|waiting screen|session timeout|processing',
  },
  {
    draws: 'forbidden',
    words:
      'access denied|permission denied|no permission|blocked page|account suspended|account blocked|no access page',
  },
  {
    draws: 'letter',
    words:
      'check your email|verify your email|email confirmation|confirm your email|newsletter signup|subscribe page|unsubscribe page|verify email|email verification',
  },
  {
    draws: 'party popper',
    words:
      'congratulations page|all done page|all caught up|you are all caught up|all done state|level up',
  },
  {
    draws: 'phone receiver',
    words: 'contact page|contact us|contact us page|get in touch|call us',
  },
  {
    draws: 'question mark',
    words: 'help page|faq page|help center|help centre|support page|help center page',
  },
];

/** The soft ground of such an image. */
export const PAGE_GROUND = 'blobs';
