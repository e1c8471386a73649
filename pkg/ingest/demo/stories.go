package demo

import (
	"math/rand/v2"
	"time"
)

// Stories are what somebody who looks at the demo can find out. All days are counted back from the calendar's last one; in a
// shorter demo some of them are missing.
//
//   - Release 4.2.0 breaks paying on phones for a week: PLACE ORDER does nothing, and an error says why. A coupon for phones had
//     just brought more people there; most of them give up for good.
//   - The campaign summer-sale brings newcomers who fill carts and never pay.
//   - Furniture becomes dearer, and is put into the cart less often.
//   - Of a thousand users some six come several times every day.
//   - Hundreds of guides are read, few of them often.
const (
	brokenFrom, brokenDays     = 17, 7
	campaignFrom, campaignDays = 33, 12
	dearerFrom                 = 24
)

const campaignName = "summer-sale"

// story is drawn from a source of its own, so that it leaves all else of a visitor as it is.
type story struct {
	random     *rand.Rand
	ofCampaign bool
	daily      int  // visits on each day with any
	gaveUp     bool // never comes again
}

func newStory(v *visitor, seed int64, number int) story {
	s := story{random: rand.New(rand.NewPCG(uint64(number), uint64(seed))), daily: 1} //nolint:gosec // demo data, the same for the same seed
	isPower, joins := s.random.Float64() < 0.006, s.random.Float64() < 0.7
	if v.id != "" && isPower {
		s.daily, v.daily, v.to = 3, 1.2, v.calendar.days
	}
	if v.newcomer && joins && !isPower && v.calendar.isWithin(v.from, campaignFrom, campaignDays) {
		s.ofCampaign, v.channel = true, "ads"
	}
	return s
}

// isWithin tells whether a day is one of so many from a day before the last.
func (c calendar) isWithin(day, from, days int) bool {
	first := c.days - 1 - from
	return day >= first && day < first+days
}

// releases of the shop, by the day that each came out on.
var releases = []struct {
	daysBack int
	version  string
}{{brokenFrom - brokenDays, "4.2.1"}, {brokenFrom, "4.2.0"}, {40, "4.1.0"}}

// version is that of the shop on a day.
func (c calendar) version(day int) string {
	for _, release := range releases {
		if day >= c.days-1-release.daysBack {
			return release.version
		}
	}
	return "4.0.3"
}

// isDearer tells whether a product costs more on a day than it did.
func (c calendar) isDearer(day, product int) bool {
	return productCategory(product) == "furniture" && day >= c.days-1-dearerFrom
}

// turn is the way on that a story makes of one that was drawn.
func (s *visit) turn(at page, next step) step {
	switch {
	case at == payment && next.to == confirmation && s.isBroken:
		s.attempts++
		if s.attempts > 1+s.story.random.IntN(2) {
			s.story.gaveUp = s.story.random.Float64() < 0.7
			return step{to: leave}
		}
		return step{to: payment, target: next.target}
	case at == cart && next.to == leave && s.isBroken && s.story.random.Float64() < 0.7:
		return step{to: checkout, target: "CHECKOUT"}
	case at == checkout && next.to == leave && s.isBroken && !s.story.ofCampaign && s.story.random.Float64() < 0.7:
		return step{to: payment, target: "CONTINUE TO PAYMENT"}
	case at == checkout && next.to == payment && s.story.ofCampaign:
		return step{to: leave}
	case at == product && next.to == cart && s.calendar.isDearer(s.day, s.productID) && s.story.random.Float64() < 0.45:
		return step{to: leave}
	}
	return next
}

// cannotPay sends what happens where PLACE ORDER does nothing: people press it again and again, and the shop reports why.
func (s *visit) cannotPay(target string) {
	frustration := ""
	if s.row.ApplicationID == appID { // whose SDK reports it; on the web it is derived
		frustration = "rage_tap"
	}
	for range 3 + s.story.random.IntN(4) {
		s.click(target, frustration, nil)
		frustration = ""
		s.now = s.now.Add(time.Duration(130+s.story.random.IntN(150)) * time.Millisecond)
	}
	s.fail("PaymentFormError", "token is not defined (checkout.js, release 4.2.0)")
}

// guides are read by some before they come to the shop: the first ones by many, most by hardly anybody.
func (s *visit) readsGuide() {
	if s.story.random.Float64() >= 0.12 {
		return
	}
	u := s.story.random.Float64()
	topic, thing := guideTopics[int(u*u*u*float64(len(guideTopics)))], guideThings[s.story.random.IntN(len(guideThings))]
	stay := 10*time.Second + time.Duration(s.story.random.ExpFloat64()*float64(time.Minute)).Round(time.Millisecond)
	s.lookAt(uuid(s.story.random), "/guides/"+topic+"-"+thing, "Guide", stay, []string{quoted("topic", topic)})
	s.now = s.now.Add(stay)
	s.click("TO THE SHOP", "", nil)
	s.now = s.now.Add(300 * time.Millisecond)
}

// arrival is where a visit came from, told by its first view.
func (s *visit) arrival() []string {
	referrers := map[string][]string{
		"organic": {"https://www.google.com/", "https://duckduckgo.com/", "https://www.bing.com/"}, "ads": {"https://www.google.com/"},
		"referral": {"https://blog.example.org/", "https://deals.example.net/"}, "social": {"https://www.instagram.com/", "https://www.reddit.com/"},
	}
	if s.story.random.Float64() < 0.45 && !s.isFirst { // typed or bookmarked
		return nil
	}
	var list []string
	if from := referrers[s.channel]; from != nil {
		list = append(list, quoted("referrer", oneOf(s.story.random, from)))
	}
	switch {
	case s.story.ofCampaign:
		list = append(list, quoted("utm_source", "adnet"), quoted("utm_campaign", campaignName))
	case s.channel == "ads":
		list = append(list, quoted("utm_source", "google"), quoted("utm_campaign", "always-on"))
	case s.channel == "email":
		list = append(list, quoted("utm_source", "newsletter"), quoted("utm_campaign", "weekly"))
	}
	return list
}
