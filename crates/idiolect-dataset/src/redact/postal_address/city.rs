//! Large cities, which belong to the street before them even in small letters: "430 webster st, palo alto", "3 oak rd leeds".

use super::announced::{is_counted, is_living, is_numbered};
use super::small::is_no_name;
use super::whole::{self, is_means};
use super::word::{Gap, Word};
use super::words::{is_calendar, is_flat, is_never_a_name};
use crate::word_set::word_set;

word_set! {
    /// Of one word, none of which is an ordinary word as well ("reading", "mobile", "nice"): where a house's number comes before its street.
    is_english_city:
    "nyc" "manhattan" "brooklyn" "queens" "bronx" "harlem" "chicago" "houston" "philadelphia" "philly" "phoenix" "dallas" "austin" "jacksonville"
    "columbus" "charlotte" "indianapolis" "seattle" "denver" "boston" "nashville" "detroit" "portland" "memphis" "louisville" "milwaukee"
    "albuquerque" "tucson" "fresno" "sacramento" "atlanta" "omaha" "raleigh" "miami" "oakland" "minneapolis" "tulsa" "tampa" "arlington"
    "wichita" "cleveland" "bakersfield" "honolulu" "anaheim" "lexington" "stockton" "cincinnati" "pittsburgh" "greensboro" "newark"
    "plano" "lincoln" "orlando" "irvine" "chandler" "laredo" "lubbock" "madison" "gilbert" "reno" "hialeah" "chesapeake" "scottsdale"
    "fremont" "spokane" "richmond" "tacoma" "birmingham" "rochester" "yonkers" "knoxville" "chattanooga" "providence" "brownsville"
    "tallahassee" "huntsville" "worcester" "eugene" "salem" "pasadena" "hollywood" "berkeley" "cambridge" "evanston" "sunnyvale" "cupertino"
    "london" "manchester" "liverpool" "leeds" "sheffield" "bristol" "edinburgh" "glasgow" "cardiff" "belfast" "leicester" "coventry"
    "bradford" "nottingham" "newcastle" "sunderland" "brighton" "plymouth" "wolverhampton" "southampton" "portsmouth" "swindon" "oxford"
    "norwich" "exeter" "cheltenham" "gloucester" "ipswich" "aberdeen" "dundee" "inverness" "swansea" "dublin" "galway" "limerick"
    "sydney" "melbourne" "brisbane" "perth" "adelaide" "canberra" "hobart" "parramatta" "geelong" "auckland" "wellington" "christchurch"
    "boise" "nashua" "albany" "syracuse" "hartford" "trenton" "allentown" "scranton" "dayton" "toledo" "akron" "asheville" "macon" "tuscaloosa" "fayetteville" "shreveport" "amarillo" "waco" "topeka" "duluth" "missoula" "bozeman" "provo" "flagstaff"
    "ballarat" "bendigo" "toowoomba" "cairns" "townsville" "wollongong" "penrith" "blacktown" "hamilton" "tauranga" "dunedin" "napier" "waterford" "drogheda" "dundalk" "derry" "preston" "blackpool" "bolton" "stockport" "oldham" "rochdale" "wigan" "salford" "warrington" "huddersfield" "wakefield" "barnsley" "doncaster" "rotherham" "middlesbrough" "darlington" "luton" "croydon" "watford" "slough" "northampton" "peterborough" "bournemouth" "colchester" "chelmsford" "blackburn" "burnley" "harrogate" "lancaster" "mansfield" "grimsby" "scunthorpe"
    "toronto" "montreal" "vancouver" "calgary" "edmonton" "ottawa" "winnipeg" "halifax" "mississauga" "brampton" "singapore" "johannesburg"
    "bhopal" "patna" "panchkula" "mohali" "allahabad" "prayagraj" "varanasi" "agra" "meerut" "kanpur" "ludhiana" "amritsar" "jalandhar" "jodhpur" "udaipur" "ajmer" "vadodara" "rajkot" "nashik" "aurangabad" "solapur"
    "coimbatore" "madurai" "trichy" "mysore" "mysuru" "mangalore" "hubli" "belgaum" "vizag" "visakhapatnam" "vijayawada" "guntur" "warangal" "secunderabad" "trivandrum" "thiruvananthapuram" "calicut" "kozhikode"
    "thrissur" "kottayam" "bhubaneswar" "cuttack" "ranchi" "jamshedpur" "dhanbad" "guwahati" "shillong" "dehradun" "haridwar" "shimla" "srinagar" "raipur" "bilaspur" "gwalior" "jabalpur" "ujjain" "pondicherry" "bombay"
    "madras" "calcutta" "howrah" "andheri" "bandra" "juhu" "powai" "borivali" "kandivali" "goregaon" "dadar" "ghatkopar" "mulund" "chembur" "vashi" "worli" "koramangala" "indiranagar" "marathahalli" "jayanagar"
    "malleswaram" "malleshwaram" "basavanagudi" "rajajinagar" "yelahanka" "bellandur" "dwarka" "rohini" "janakpuri" "pitampura" "gachibowli" "madhapur" "kukatpally" "ameerpet" "himayatnagar" "begumpet" "adyar"
    "velachery" "tambaram" "mylapore" "nungambakkam" "kothrud" "hinjewadi" "hadapsar" "toulon" "querétaro" "queretaro"
    "durban" "pretoria" "nairobi" "lagos" "mumbai" "delhi" "bangalore" "bengaluru" "hyderabad" "chennai" "kolkata" "pune" "gurgaon" "noida";

    /// Others of one word, most of them where it comes last.
    is_other_city:
    "berlin" "hamburg" "münchen" "munich" "köln" "frankfurt" "stuttgart" "düsseldorf" "leipzig" "dortmund" "dresden" "hannover" "nürnberg"
    "wien" "vienna" "graz" "salzburg" "zürich" "zurich" "basel" "bern" "genf" "paris" "lyon" "marseille" "toulouse" "bordeaux" "lille"
    "nantes" "strasbourg" "montpellier" "rennes" "madrid" "barcelona" "valencia" "sevilla" "zaragoza" "málaga" "bilbao" "lisboa" "lisbon"
    "porto" "roma" "rome" "milano" "milan" "napoli" "torino" "palermo" "bologna" "firenze" "amsterdam" "rotterdam" "utrecht" "eindhoven"
    "groningen" "antwerpen" "bruxelles" "brussels" "gent" "stockholm" "göteborg" "malmö" "uppsala" "oslo" "bergen" "trondheim" "københavn"
    "copenhagen" "aarhus" "odense" "helsinki" "espoo" "tampere" "turku" "warszawa" "kraków" "krakow" "wrocław" "poznań" "gdańsk" "praha"
    "prague" "brno" "budapest" "bucurești" "istanbul" "ankara" "izmir" "athens" "kyiv" "tokyo" "osaka" "kyoto" "seoul" "busan"
    "freiburg" "bonn" "bremen" "mannheim" "karlsruhe" "augsburg" "bielefeld" "münster" "mainz" "kiel" "rostock" "erfurt" "potsdam" "kassel" "würzburg"
    "regensburg" "linz" "innsbruck" "klagenfurt" "genève" "lausanne" "luzern" "winterthur" "lugano" "reims" "grenoble" "dijon" "angers" "haarlem" "leiden"
    "delft" "breda" "tilburg" "nijmegen" "arnhem" "maastricht" "brugge" "leuven" "namur" "liège" "charleroi" "ixelles" "murcia" "alicante" "valladolid" "vigo"
    "gijón" "córdoba" "genova" "verona" "venezia" "bari" "catania" "padova" "trieste" "brescia" "parma" "modena" "lecce" "coimbra" "braga" "funchal"
    "brasília" "taguatinga" "ceilândia" "samambaia" "fortaleza" "recife" "curitiba" "goiânia" "manaus" "belém" "bogotá" "medellín" "barranquilla" "cali" "quito" "caracas" "guadalajara"
    "monterrey" "puebla" "tijuana" "oaxaca" "mérida" "cdmx" "caba" "łódź" "katowice" "lublin" "szczecin" "gdynia" "bydgoszcz" "białystok" "toruń" "ostrava"
    "plzeň" "olomouc" "pardubice" "liberec" "bratislava" "košice" "szeged" "debrecen" "pécs" "zagreb" "split" "rijeka" "beograd" "ljubljana" "maribor" "sarajevo"
    "iași" "cluj" "timișoara" "brașov" "sofia" "varna" "plovdiv" "vilnius" "kaunas" "riga" "rīga" "tallinn" "tartu" "umeå" "örebro" "linköping" "västerås"
    "kristiansand" "tromsø" "stavanger" "drammen" "aalborg" "esbjerg" "oulu" "vantaa" "lahti" "jyväskylä" "reykjavík" "akureyri" "αθήνα" "θεσσαλονίκη" "πάτρα"
    "thessaloniki" "patras" "antalya" "bursa" "adana" "mersin" "konya" "i̇stanbul" "i̇zmir" "москва" "питер" "спб" "казань" "новосибирск" "екатеринбург"
    "краснодар" "самара" "київ" "львів" "харків" "одеса" "дніпро" "киев" "харьков" "одесса" "минск" "софия" "алматы" "islamabad" "karachi" "lahore" "dhaka" "abuja"
    "ibadan" "accra" "mombasa" "kampala" "dubai" "sharjah" "makati" "jakarta" "bandung" "surabaya" "bekasi" "penang" "ipoh" "puchong" "klang" "bangkok" "hanoi" "colombo"
    "jaipur" "lucknow" "chandigarh" "ahmedabad" "kochi" "indore" "surat" "nagpur" "thane" "gurugram" "faridabad" "ghaziabad"
    "manila" "cebu" "davao" "salamanca" "granada" "bogota" "medellin" "cartagena" "montevideo" "asunción" "santiago" "lima" "rabat" "casablanca" "marrakech" "cairo"
    "çankaya" "keçiören" "yenimahalle" "etimesgut" "bakırköy" "maltepe" "pendik" "kartal" "ataşehir" "bornova" "karşıyaka" "buca" "esenyurt" "sarıyer" "ümraniye" "bahçelievler" "nilüfer" "osmangazi" "muratpaşa" "konyaaltı" "kadikoy" "besiktas" "uskudar" "sisli" "cankaya"
    "kadıköy" "beşiktaş" "beyoğlu" "üsküdar" "şişli" "koln" "munchen" "dusseldorf" "nurnberg" "munster" "wurzburg" "goteborg" "malmo" "umea" "orebro" "wroclaw" "poznan"
    "gdansk" "lodz" "bialystok" "torun" "plzen" "kosice" "bucuresti" "iasi" "timisoara" "brasov" "kobenhavn" "liege" "bxl" "geneve" "brasilia" "ceilandia" "goiania" "belem"
    "malaga" "cordoba" "merida" "pecs" "tromso" "jyvaskyla" "reykjavik" "vasteras" "linkoping" "penzance" "shrewsbury" "wolfsburg" "haifa" "jerusalem" "beirut" "amman" "mansoura" "zamalek" "heliopolis" "maadi" "temuco" "valparaíso" "valparaiso" "antofagasta" "arequipa" "cusco" "guayaquil" "maracaibo" "mendoza" "tucumán" "tucuman";

    /// What is numbered and has a city behind it without being a street: "weekend 25 prague".
    is_an_event:
    "summer" "winter" "spring" "autumn" "trip" "weekend" "hotel" "hostel" "motel" "tour" "session" "score" "fest" "festival" "concert" "match" "game" "night" "nights" "expo"
    "euro" "conf" "marathon" "gate" "group" "bars" "clubs" "shows" "leg" "derby" "final" "race" "forever" "century";

    first_of_two:
    "new" "los" "san" "las" "palo" "fort" "el" "st" "saint" "santa" "long" "kansas" "virginia" "colorado" "oklahoma" "baton" "mexico"
    "salt" "cape" "hong" "kuala" "tel" "abu" "milton" "jersey" "des" "corpus" "buenos" "novi" "grand" "mountain" "redwood" "beverly" "ann" "rio" "são" "sao" "subang" "petaling" "shah" "johor" "kota";

    second_of_two:
    "york" "orleans" "angeles" "vegas" "francisco" "diego" "jose" "antonio" "alto" "worth" "paso" "louis" "paul" "monica" "barbara" "ana"
    "rosa" "clara" "cruz" "beach" "city" "springs" "rouge" "town" "kong" "lumpur" "aviv" "dhabi" "keynes" "moines" "christi" "rapids" "view"
    "hills" "arbor" "delhi" "paulo" "mateo" "aires" "sad" "bernardino" "petersburg" "janeiro" "jaya" "alam" "bahru" "kinabalu";
}

/// Whether `word` is one of the cities of one word.
pub(super) fn is_city(word: &str) -> bool {
    is_english_city(word) || is_other_city(word)
}

/// The end of the city's name that begins at `at`, right behind a street or its comma.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    let first = words.get(at).filter(|first| first.gap <= Gap::Comma)?;
    let two = words.get(at + 1).is_some_and(|second| second.gap == Gap::Space && second_of_two(&second.lower));
    if two && first_of_two(&first.lower) {
        return Some(at + 2);
    }
    // "rio de janeiro"
    let between = words.get(at + 1).is_some_and(|second| second.gap == Gap::Space && second.lower == "de");
    if between && first.lower == "rio" && words.get(at + 2).is_some_and(|third| third.lower == "janeiro") {
        return Some(at + 3);
    }
    is_city(&first.lower).then_some(at + 1)
}

/// "olmova 12 beograd", "elmengoff 45, tel aviv": a name and a number of two digits before a large city.
pub(super) fn behind_house(words: &[Word], at: usize) -> Option<usize> {
    let named = |word: &Word| {
        word.digits == 0
            && word.letters >= 4
            && !is_never_a_name(&word.lower)
            && !is_living(&word.lower)
            && !is_no_name(&word.lower)
            && !is_calendar(&word.lower)
            && !is_numbered(&word.lower)
            && !is_means(&word.lower)
            && !is_flat(&word.lower)
            && !is_counted(&word.lower)
            && !is_an_event(&word.lower)
            && !is_city(&word.lower)
    };
    let count = words[at..]
        .iter()
        .take(2)
        .enumerate()
        .take_while(|(offset, word)| (*offset == 0 || word.gap == Gap::Space) && named(word))
        .count();
    let number = words.get(at + count).filter(|number| count > 0 && number.gap == Gap::Space && number.digits >= 2)?;
    let house = (number.digits <= 3).then(|| whole::house(words, at + count)).flatten()?;
    // There the number comes first: "score 98 houston".
    let english = words.get(house).is_some_and(|city| is_english_city(&city.lower));
    end(words, house).filter(|&city| !english && whole::nearly_ends(words, city))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn cities_belong_to_the_street_before_them() {
        for (text, address) in [
            ("430 webster st, palo alto ok", "430 webster st, palo alto"),
            ("3 oak rd leeds is where", "3 oak rd leeds"),
            ("its 344 West 49th Street NYC", "344 West 49th Street NYC"),
            ("12 elm st brooklyn ny 11201", "12 elm st brooklyn ny 11201"),
            ("hauptstraße 5, berlin", "hauptstraße 5, berlin"),
            ("12 elm st apt 4, san francisco", "12 elm st apt 4, san francisco"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn other_words_stay() {
        for (text, address) in
            [("12 elm st, new phone who dis", "12 elm st"), ("12 elm st reading a book", "12 elm st")]
        {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }
}
