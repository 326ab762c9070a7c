/** Hosts that many have in common: mail for everybody, and sites on which everybody has a page. They say nothing of the company. */

/** Under any ending: yahoo.co.uk, hotmail.fr, gmx.at. */
const brands = new Set(
  'gmail googlemail outlook hotmail live msn yahoo ymail rocketmail icloud aol gmx yandex zoho'.split(' '),
);
const hosts = new Set(
  `me.com mac.com mail.com email.com proton.me protonmail.com protonmail.ch pm.me tutanota.com tuta.io fastmail.com hey.com duck.com
  inbox.com web.de freenet.de t-online.de arcor.de online.de bluewin.ch hispeed.ch chello.at aon.at a1.net orange.fr wanadoo.fr free.fr
  laposte.net sfr.fr neuf.fr numericable.fr libero.it virgilio.it alice.it tiscali.it tin.it wp.pl o2.pl interia.pl onet.pl op.pl
  seznam.cz centrum.cz email.cz azet.sk ziggo.nl kpnmail.nl planet.nl xs4all.nl home.nl telenet.be skynet.be proximus.be telia.com
  btinternet.com btopenworld.com sky.com virginmedia.com talktalk.net ntlworld.com comcast.net verizon.net att.net sbcglobal.net
  bellsouth.net cox.net charter.net earthlink.net shaw.ca rogers.com sympatico.ca telus.net bigpond.com bigpond.net.au optusnet.com.au
  xtra.co.nz uol.com.br bol.com.br terra.com.br ig.com.br mail.ru bk.ru inbox.ru list.ru rambler.ru ukr.net qq.com 163.com 126.com
  sina.com sohu.com foxmail.com naver.com daum.net hanmail.net nate.com rediffmail.com docomo.ne.jp ezweb.ne.jp
  facebook.com linkedin.com instagram.com twitter.com x.com youtube.com sites.google.com google.com business.site linktr.ee
  github.com medium.com wixsite.com wordpress.com blogspot.com weebly.com squarespace.com myshopify.com etsy.com ebay.com amazon.com
  example.com example.org example.net test.com domain.com none.com`.split(/\s+/),
);

export const isShared = (host: string): boolean => hosts.has(host) || brands.has(host.split('.')[0]!);
