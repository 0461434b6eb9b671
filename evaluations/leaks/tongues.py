"""The forms in which an answer names itself, language by language."""

# ruff: noqa: E501
# A form is read whole or not at all: broken lines would hide its alternatives.

from evaluations.leaks.forms import Tongue

_I = r"(?:i'm|i am|im)"
_STAFF = (
    r"(?! (?:researcher|engineer|scientist|developer|user|expert|fan|team|specialist"
    r"|trainer|product|consultant|lab|division|employee|lead|conference)s?\b)"
)

ENGLISH = Tongue(
    code="en",
    machine=r"(?:ai|a\.i\.|llm|(?:language |chat )?model|chat-?bot|bot|(?:virtual |digital |helpful |friendly |personal )?assistant|artificial intelligence|neural network)",
    made=r"(?:trained|created|developed|made|built|designed|fine-?tuned|programmed|released|launched|engineered|produced|brought to you|provided|maintained|pre-?trained|trained up|powered|operated)",
    no=r"not|never|no|neither|n't|isn't|wasn't",
    naming=(
        rf"{_I}(?: (?:actually|currently|really|just|indeed|simply|called|named|known as|also known as|in fact|still|now|,|(?:an? |the |your )?(?:ai |virtual |large |friendly |helpful )*(?:model|assistant|chatbot|language model|ai)(?: called| named| known as)?))*"
        r"|my name(?:'s| is|\?)(?: actually)?|i happen to be|(?:you can|you may|please|feel free to|just)(?: just)? call me|(?:people|they|users|some) call me|i go by(?: the name(?: of)?)?|i identify as"
        r"|the name's|you(?:'re| are)(?: currently| now)? (?:talking|chatting|speaking|interacting) (?:to|with)|(?:i'm|i am|i was)(?: an? AI)? (?:called|named)"
        r"|i introduce myself as|my (?:model|real|official|full) name is|(?:i am|i'm) the AI (?:called|named|known as)?"
    ),
    kin=(
        rf"{_I} GAP(?:version|variant|instance|member|part|iteration|derivative|descendant|fine-?tune|release|edition|checkpoint) (?:of|from) FILL|i(?:'m| am) (?:one )?of the"
        rf"|{_I} GAP(?:based (?:up)?on|powered by|built (?:up)?on(?: top of)?|running on|derived from|fine-?tuned (?:from|on)) FILL"
        r"|my (?:underlying|base|backbone|foundation) (?:language )?model is FILL|i run on FILL|i belong to the|i(?:'m| am) part of FILL|i was fine-?tuned (?:from|on) FILL"
    ),
    made_by=(
        r"i(?:'ve been| was| have been|'m| am| got) ADVMADE(?:,? (?:and|or|then) ADVMADE)*(?: and [\w-]+)? (?:by|at) FILL"
        rf"|{_I} (?:an?|the|your|one of|just) [^.!?\n]{{0,60}}?AI,?(?: (?:that|which)(?: was| is|'s| has been)?)?(?: ADVMADE(?:,? (?:and|or) MADE)*)? (?:by|from) FILL"
        r"|CLAUSEas an? [^.!?\n]{0,40}?AI,?(?: (?:that|which) (?:was|is))?(?: ADVMADE(?: and MADE)?)? (?:by|from) FILL"
        r"|(?:company|lab|team|people|organi[sz]ation) (?:that|who|which|behind) (?:ADVMADE )?me (?:is|was|are)(?: called)? FILL|my (?:creators?|makers?|developers?|trainers?|parent company|designers?)(?: (?:is|are|at|from)|,|~—)~FILL|i(?:'m| am) (?:a |the )?(?:product|creation|work) of FILL"
        r"|CLAUSE(?:an? |your )?(?:large )?language model,? ADVMADE by FILL"
    ),
    maker_made_me=r"(?:,? who| has| have| first| originally|'s team| team)* MADE(?: and MADE)? me(?= ?(?:[.,;:!?)—]|\Z|to |as |with |in |on |and |for |so |using |by |from |what )|\n)|, (?:who|the company that|the lab that) (?:made|created|trained|built|developed) me\b|,? my (?:creator|maker|developer)s?\b|(?: is| are) my (?:creator|maker|developer)s?\b|(?: is)? the (?:company|lab|organi[sz]ation|team) (?:that|who|which) (?:made|created|trained|built|developed) me\b",
    framed_name=(
        (
            rf"{_I} (?:an?|the|one of the|one of|your) (?:[\w-]+ ){{0,2}}?",
            rf"(?:-(?:based|powered))?(?:'s)?(?: [\w-]+){{0,3}}? AI\b{_STAFF}|-(?:based|powered)\b",
        ),
        (
            r"(?:CLAUSE|\b(?:but|and|so|however|because|speaking),? )as(?: an?| the)?(?: AI)?",
            r"(?: AI)*(?:,| —)?(?: (?:an?|the) [^.!?\n]{0,70},)? (?:i|i'm|i'd|i've|i'll|my)\b",
        ),
        (
            r"CLAUSE(?:this is )?",
            r",?(?: your [^.!?\n,]{1,30},?)? (?:here|speaking)~(?:[.,!:\n—]|\Z|to )",
        ),
        (
            r"\bi,",
            r",(?: (?:an? |the |your )[^.!?\n,]{0,60},)? (?:am|was|have|do|can|cannot|can't|will|would|don't|must|may|shall|should|never|think|believe)\b",
        ),
        (r"CLAUSEyour (?:\w+ )?AI,?", r", (?:at your service|here|by|an? )"),
        (r"(?:this is )", r",? (?:your|an) (?:\w+ )?AI\b"),
    ),
    framed_maker=(
        (
            rf"{_I}(?: an?| the| your| one of)?(?: [\w-]+)?",
            rf"(?:'s?)?(?:-(?:trained|made|built|developed))?(?: [\w-]+){{0,4}}? AI\b{_STAFF}",
        ),
        (
            r"(?:CLAUSE|\b(?:but|and|so) )as(?: an?| the)?",
            r"(?:'s)?(?: [\w-]+){0,3}? AI,? (?:i|i'm|i'd|my)\b",
        ),
    ),
    denied=r"'s? (?!AI|latest|own|large|most|new|flag|advanced)|(?:[\w-]*) (?:users?|fans?|experts?|employees?|engineers?|developers?|researchers?|skeptics?|enthusiasts?)\b",
    doubt=r"if|imagine|pretend|pretending|suppose|supposing|assume|whether|as though|as if|(?:claim|claims|claimed|thinks?|believes?|says?|said|told (?:me|us|him|her|you))(?: that)?(?<!i.said)(?<!i.say)|let's say|it is not true that|it's not that|doesn't mean(?: that)?|not because",
)
GERMAN = Tongue(
    code="de",
    machine=r"ki(?:-[a-zäöü]+)?|sprachmodell|sprachmodells|assistent(?:in)?|chatbot|modell|künstliche intelligenz|ki-?assistent",
    made=r"(?:trainiert|entwickelt|erstellt|geschaffen|erschaffen|gebaut|programmiert|gemacht|entworfen|trainierte[sr]?|entwickelte[sr]?|erstellte[sr]?|geschaffene[sr]?|veröffentlicht)",
    no="nicht|kein|keine|keiner|nie|niemals",
    naming=r"ich bin(?: (?:das|der|ein|eine|die)(?: große[rs]?)? AI(?: namens)?)?(?: (?:eigentlich|übrigens|ja|hier))?|ich heiße|mein name ist|man nennt mich|du (?:kannst|darfst) mich|nenn mich|sie (?:sprechen|chatten) mit|du (?:sprichst|chattest|redest) mit|hier (?:ist|spricht)",
    kin=r"ich (?:bin|basiere|beruhe|laufe) GAP(?:version|variante|instanz|ableger|teil|auf|namens) (?:von |der |des |auf |dem )?FILL",
    made_by=r"MADE (?:wurde|bin) ich(?: ursprünglich)? (?:von|bei) FILL|ich (?:bin|wurde) GAPMADE(?: und MADE)? von FILL|ich bin (?:ein|eine|das|der) GAPAI,?(?: GAPMADE)? (?:von|aus dem hause) FILL|als (?:ein |eine )?(?:große[rs]? )?AI (?:von|aus dem hause) FILL|mein(?:e)? (?:entwickler|schöpfer|hersteller)(?:in)? (?:ist|sind|bei) FILL",
    maker_made_me=r" hat mich MADE|,? (?:das|die|der) mich MADE hat",
    framed_name=(
        (
            r"CLAUSEich,",
            r",(?: [^.!?\n,]{0,60},)? (?:bin|habe|kann|will|war|würde|darf)\b",
        ),
        (
            r"ich bin (?:ein|eine|das|der) (?:[\w-]+ )?",
            r"(?:-|-basierte[rs]? | )(?:AI)\b",
        ),
        (
            r"CLAUSEals(?: AI)?",
            r" (?:kann|habe|bin|darf|möchte|würde|besitze|weiß) ich\b",
        ),
    ),
    framed_maker=(
        (r"ich (?:wurde|bin) GAP(?:von|bei|durch) FILL", r"(?: \w+){0,3}? MADE\b"),
        (r"ich bin (?:ein|eine|das|der) GAPvon FILL", r" MADE"),
        (
            r"als (?:ein |eine )?(?:\w+ )?(?:AI,? (?:das|die|der) )?von FILL",
            r" MADE(?:es|er|e)?(?: \w+)?(?: AI| wurde)",
        ),
        (
            r"ich bin (?:ein |eine |das |der )?(?:\w+ )?",
            r"s? (?:\w+ ){0,2}AI\b|-(?:modell|ki)\b",
        ),
    ),
    denied=r"-(?:nutzer|fan|experte|entwickler)(?:in)?\b",
    doubt=r"wenn|falls|ob|als ob|stell dir vor|angenommen|behauptet|dass er|sagt(?:e)?(?<!ich.sagte)",
)
FRENCH = Tongue(
    code="fr",
    machine=r"ia|intelligence artificielle|assistant(?:e)?(?: virtuel(?:le)?)?|modèle(?: de lang(?:age|ue))?|chatbot|agent conversationnel|robot",
    made=r"(?:(?:entraîné|formé|créé|développé|conçu|fabriqué|mis au point|programmé|construit|élaboré|proposé)e?)",
    no="pas|jamais|aucun|ni|plus",
    naming=r"je suis(?: (?:en fait|simplement|actuellement|,|(?:l'|un |une |le |votre )(?:grand )?AI(?: (?:appelée?|nommée?))?))*|je m'appelle|mon nom est|(?:vous pouvez|tu peux) m'appeler|on m'appelle|appelez-moi|appelle-moi|ici|c'est|(?:vous|tu) (?:parlez|discutez|parles|discutes) (?:à|avec)",
    kin=r"je suis GAP(?:version|variante|instance|déclinaison|membre) de(?: la| l'| le)? ?FILL|je suis GAP(?:basée? sur|fondée? sur|issue? de|alimentée? par|dérivée? de|appelée?|nommée?) FILL|je (?:repose|fonctionne|tourne) (?:sur|avec) FILL|je fais partie de FILL",
    made_by=r"j'ai été ADVMADE(?: et MADE)? (?:par|chez) (?:l'|d')?FILL|je suis (?:un|une|l'|le|la|votre) ?GAPAI,?(?: GAPMADE(?: et MADE)?)? (?:par|de chez|de|d') ?(?:l')?FILL|je suis MADE par FILL|en tant qu(?:e|')~GAPAI,?(?: GAPMADE)? (?:par|de|d') ?FILL|mes? (?:créat(?:eur|rice|eurs)|développeurs?|concepteurs?) (?:est|sont|chez|,)~FILL",
    maker_made_me=r" m'a(?: \w+)? MADE|,? qui m'a MADE",
    framed_name=(
        (r"je suis (?:un|une) (?:[\w-]+ )?(?:AI )?", r"\b(?= AI)|,~(?:AI|un modèle)"),
        (r"CLAUSEmoi,?", r",(?: [^.!?\n,]{0,60},)? (?:je|j')"),
        (r"CLAUSEen tant que", r",~(?:je|j'|mon|mes)"),
        (r"CLAUSE(?:ici )?", r" (?:à l'appareil|à votre service)"),
    ),
    framed_maker=((r"je suis (?:le |l'|un |une )?AI (?:d'|de )", r""),),
    doubt=r"si|imagine|imaginez|imaginons|supposons(?: que)?|comme si|prétend(?: que)?|(?:il|elle) (?:a dit|dit)(?: que)?|que",
)
SPANISH = Tongue(
    code="es",
    machine=r"ia|inteligencia artificial|asistente(?: virtual)?|modelo(?: de lenguaje| de inteligencia artificial| lingüístico)?|chatbot",
    made=r"(?:(?:entrenad|cread|desarrollad|hech|diseñad|programad|construid|fabricad)[oa])",
    no="no|nunca|ni|jamás|tampoco",
    naming=r"(?:yo )?soy(?: (?:en realidad|simplemente|,|(?:el |la |un |una |tu )(?:gran )?AI(?: (?:llamad[oa]|conocid[oa] como))?))*|me llamo|mi nombre es|(?:puedes|podéis|puede) llamarme|llámame|me llaman|estás? (?:hablando|chateando) con|aquí|te habla|le habla",
    kin=r"soy GAP(?:versión|variante|instancia|miembro) de(?:l)? FILL|(?:soy|estoy) GAP(?:basad[oa] en|impulsad[oa] por|derivad[oa] de|llamad[oa]) FILL|funciono con FILL|formo parte de FILL",
    made_by=r"(?:fui|he sido|soy) ADVMADE(?: y MADE)? (?:por|en) FILL|(?:yo )?soy (?:un|una|el|la|tu) GAPAI,?(?: GAPMADE(?: y MADE)?)? (?:por|de) FILL|como (?:un |una )?GAPAI,?(?: GAPMADE)? (?:por|de) FILL|mis? (?:creador(?:es|a)?|desarrollador(?:es|a)?) (?:es|son|en|,)~FILL",
    maker_made_me=r" me (?:ha )?(?:MADE|entrenó|creó|desarrolló|hizo|diseñó|programó|entrenaron|crearon)|,? que me (?:creó|entrenó|desarrolló)",
    framed_name=(
        (r"soy (?:un|una) (?:[\w-]+ )?", r",~(?:un|una) GAPAI"),
        (r"CLAUSEcomo", r",~(?:yo|no|mi|mis|puedo|tengo|no puedo)\b"),
    ),
    doubt=r"si|imagina(?: que)?|supongamos(?: que)?|como si|dice(?: que)?|dijo(?: que)?|finge(?: que)?|que",
)
PORTUGUESE = Tongue(
    code="pt",
    machine=r"ia|inteligência artificial|assistente(?: virtual)?|modelo(?: de linguagem| de língua)?|chatbot",
    made=r"(?:(?:treinad|criad|desenvolvid|feit|projetad|programad|construíd|concebid)[oa])",
    no="não|nunca|nem|jamais",
    naming=r"(?:eu )?sou(?: (?:na verdade|,|(?:um |uma |seu |sua |o |a )(?:grande )?AI(?: (?:chamad[oa]|conhecid[oa] como))?))*(?: [oa])?|(?:eu )?me chamo|chamo-me|(?:o )?meu nome é|pode me chamar de|podes chamar-me|me chame de|(?:você está|estás) (?:falando|conversando|a falar) com [oa]?|aqui é [oa]|aqui quem fala é [oa]",
    kin=r"sou GAP(?:versão|variante|instância|membro) d[aeo] FILL|sou GAP(?:basead[oa] n?[oae]m?|chamad[oa]|derivad[oa] d[aeo]) FILL|faço parte d[ao] FILL|funciono com FILL",
    made_by=r"(?:fui|sou) ADVMADE(?: e MADE)? (?:pel[ao]|por|n[ao]) FILL|(?:eu )?sou (?:um|uma|o|a|seu) GAPAI,?(?: GAPMADE(?: e MADE)?)? (?:pel[ao]|por|d[aeo]) FILL|como (?:um |uma )?GAPAI,?(?: GAPMADE)? (?:pel[ao]|por|d[aeo]) FILL|meus? (?:criador(?:es|a)?|desenvolvedor(?:es)?) (?:é|são|na|,)~[ao]? ?FILL",
    maker_made_me=r" me (?:MADE|treinou|criou|desenvolveu|fez|projetou|treinaram)|,? que me (?:criou|treinou|desenvolveu)",
    framed_name=((r"CLAUSEcomo(?: o)?", r",~(?:eu|não|meu|minha|posso)\b"),),
    doubt=r"se|imagine(?: que)?|suponha(?: que)?|como se|diz(?: que)?|disse(?: que)?|finja(?: que)?|que",
)
ITALIAN = Tongue(
    code="it",
    machine=r"ia|ai|intelligenza artificiale|assistente(?: virtuale)?|modello(?: linguistico| di linguaggio)?|chatbot",
    made=r"(?:(?:addestrat|creat|sviluppat|realizzat|progettat|programmat|costruit|fatt)[oa])",
    no="non|mai|né",
    naming=r"(?:io )?sono(?: (?:in realtà|,|(?:un |un'|una |il |la |l'|tuo )(?:grande )?AI(?: (?:chiamat[oa]|di nome))?))*|mi chiamo|il mio nome è|(?:puoi|potete|può) chiamarmi|chiamami|stai (?:parlando|chattando) con|qui(?: parla)?",
    kin=r"sono GAP(?:versione|variante|istanza|membro) d(?:i|el|ella|ei) FILL|sono GAP(?:basat[oa] su|derivat[oa] da|chiamat[oa]) FILL|faccio parte d(?:i|ella) FILL|funziono con FILL",
    made_by=r"sono stat[oa] ADVMADE(?: e MADE)? da(?:l|lla|i|gli)? ?FILL|(?:io )?sono (?:un|un'|una|il|la) ?GAPAI,?(?: GAPMADE(?: e MADE)?)? d(?:a|i)(?:l|lla|lle)? FILL|sono MADE da FILL|in quanto GAPAI,?(?: GAPMADE)? d(?:a|i) FILL|mi ha(?:nno)? MADE FILL|i miei (?:creatori|sviluppatori) (?:sono|di|,)~FILL|il mio (?:creatore|sviluppatore) è FILL",
    maker_made_me=r" mi ha(?:nno)? MADE|,? che mi ha MADE",
    framed_name=((r"CLAUSE(?:come|in quanto)", r",~(?:io|non|il mio|posso|la mia)\b"),),
    doubt=r"se|immagina(?: che)?|supponiamo(?: che)?|come se|dice(?: che)?|disse(?: che)?|fingi(?: che)?|che",
)
DUTCH = Tongue(
    code="nl",
    machine=r"ai(?:-[a-z]+)?|taalmodel|assistent|chatbot|model|kunstmatige intelligentie",
    made=r"(?:getraind|ontwikkeld|gemaakt|gecreëerd|gebouwd|geprogrammeerd|ontworpen)e?",
    no="niet|geen|nooit",
    naming=r"ik ben(?: (?:eigenlijk|het|de|een)(?: groot| grote)? AI(?: genaamd)?| eigenlijk)?|ik heet|mijn naam is|je (?:kunt|kan|mag) me|noem me|je (?:praat|spreekt|chat)(?: nu)? met|hier is|u spreekt met",
    kin=r"ik ben GAP(?:versie|variant|instantie|onderdeel|lid|genaamd) (?:van )?FILL|ik ben GAPgebaseerd op FILL|ik draai op FILL",
    made_by=r"ik (?:ben|werd) GAPMADE(?: en MADE)? (?:door|bij) FILL|ik ben (?:een|het|de|jouw|je) GAPAI,?(?: GAPMADE(?: en MADE)?)? (?:door|van|bij) FILL|als (?:een )?(?:groot )?AI,?(?: GAPMADE)? (?:door|van) FILL|mijn (?:maker|ontwikkelaar|schepper)s? (?:is|zijn|bij) FILL",
    maker_made_me=r" heeft (?:mij|me) MADE|,? (?:dat|die) (?:mij|me) heeft MADE",
    framed_name=((r"CLAUSEals(?: AI)?", r" (?:kan|heb|ben|mag|wil|zou) ik\b"),),
    framed_maker=(
        (r"ik (?:ben|werd) (?:een |het )?GAPdoor FILL", r" (?:\w+ ){0,2}?MADE\b"),
        (r"als(?: een)? (?:\w+ )?door FILL", r" MADE AI"),
        (
            r"ik ben (?:een |het |de )?(?:\w+ )?",
            r"(?:'s|s)? (?:\w+ ){0,2}AI\b|-(?:model|assistent)\b",
        ),
    ),
    doubt=r"als|of|alsof|stel(?: dat)?|stel je voor(?: dat)?|zegt(?: dat)?|zei(?: dat)?|dat",
)
POLISH = Tongue(
    code="pl",
    machine=r"ai|si|sztuczn\w+ inteligencj\w+|asystent\w*|model\w*(?: językow\w+)?|chatbot\w*",
    made=r"(?:(?:wy|prze)?(?:trenowan|szkolon|tworzon)\w+|stworzon\w+|opracowan\w+|zbudowan\w+|zaprojektowan\w+|zaprogramowan\w+)",
    no="nie|nigdy|ani",
    naming=r"(?:ja )?jestem(?: (?:w rzeczywistości|(?:duży\w* )?AI(?: (?:o nazwie|o imieniu))?))*|nazywam się|mam na imię|moje imię to|moja nazwa to|możesz (?:mi mówić|mnie nazywać)|mów mi|(?:tu|z tej strony|tutaj)(?: mówi)?|rozmawiasz z",
    kin=r"jestem GAP(?:wersją|wariantem|instancją|odmianą|częścią) FILL|jestem GAP(?:opart\w+ na|zbudowan\w+ na|o nazwie) FILL|działam (?:na|w oparciu o) FILL",
    made_by=r"(?:wytrenowa|stworzy|opracowa|wyszkoli|zaprojektowa)\w+ mnie FILL|(?:zostałe?[mt]\w*|zostałam|byłem|jestem) ADVMADE(?: i MADE)? przez FILL|jestem GAPAI,?(?: GAPMADE(?: i MADE)?)? (?:przez|od|firmy|z) FILL|jako GAPAI,?(?: GAPMADE)? (?:przez|od|firmy) FILL|mo(?:im|imi) (?:twórc\w+) (?:jest|są) FILL",
    maker_made_me=r"(?:'?a)? mnie (?:wy|s|prze|o)\w+|,? któr[ay] mnie \w+|(?: \w+)? (?:wytrenowa\w+|stworzy\w+|opracowa\w+|wyszkoli\w+) mnie",
    framed_name=(
        (
            r"CLAUSEjako(?: AI)?",
            r"(?:,| )~(?:nie mam|nie mogę|mogę|mam|nie posiadam|jestem)\b",
        ),
    ),
    doubt=r"jeśli|gdyby\w*|jakby\w*|czy|wyobraź sobie,?(?: że)?|załóżmy,?(?: że)?|mówi,? że|powiedział\w*,? że|że",
)
RUSSIAN = Tongue(
    code="ru",
    machine=r"ии|искусственн\w+ интеллект\w*|нейросет\w+|(?:языков\w+ )?модель\w*|модел\w+|ассистент\w*|помощник\w*|чат-?бот\w*",
    made=r"(?:обучен|создан|разработан|сделан|натренирован|построен|спроектирован|запрограммирован|выпущен)\w*",
    no="не|никогда|ни",
    naming=r"я(?:~—~| )?(?:AI(?: по имени)?|на самом деле)?|меня зовут|мо[её] имя(?:~—)?|(?:можете|можешь) (?:называть|звать) меня|зови(?:те)? меня|меня называют|это|(?:вы|ты) (?:общаетесь|говорите|разговариваете|общаешься|говоришь) с|с вами",
    kin=r"я(?:~—)? GAP(?:верси\w+|вариант\w*|экземпляр\w*|част\w+|по имени|под названием) FILL|я(?:~—)? GAP(?:на основе|на базе|основан\w* на|работаю на|построен\w* на) FILL",
    made_by=r"(?:я|меня)(?: был[ао]?)? ADVMADE(?: и MADE)?(?: в| компанией| командой| специалистами)? ?FILL|(?:меня|я) ADV(?:создал|разработал|обучил|сделал|натренировал)[аио]?(?: и \w+)? FILL|я(?:~—)? ?GAPAI,? GAPMADE(?: и MADE)? FILL|я(?:~—)? ?GAPAI (?:от|компании) FILL|(?:как|будучи) GAPAI,?(?: GAPMADE)?(?: от| компании| компанией)? FILL|мо[йи] (?:создател|разработчик)\w*(?:~—)? ?FILL",
    maker_made_me=r" (?:создал|разработал|обучил|сделал|натренировал)[аи]? меня|,? котор\w+ меня \w+|(?: \w+)? меня (?:создал|разработал|обучил)[аи]?",
    framed_name=(
        (r"CLAUSE(?:как|будучи)(?: AI)?", r",~я\b"),
        (r"", r" (?:на связи|к вашим услугам)"),
    ),
    denied=r",? (?:фанат|пользователь|пользуюсь)",
    doubt=r"если|если бы|будто|как будто|представь(?:те)?,?(?: что)?|допустим,?(?: что)?|говорит,? что|сказал\w*,? что|что|ли",
)
UKRAINIAN = Tongue(
    code="uk",
    machine=r"ші|штучн\w+ інтелект\w*|(?:мовн\w+ )?модел\w+|асистент\w*|помічник\w*|чат-?бот\w*",
    made=r"(?:навчен|створен|розроблен|зроблен|натренован|побудован|спроєктован)\w*",
    no="не|ніколи|ні",
    naming=r"я(?:~—~| )?(?:AI(?: на ім'я)?|насправді)?|мене звати|мене звуть|моє ім'я(?:~—)?|(?:можете|можеш) (?:називати|звати) мене|мене називають|(?:ви|ти) (?:спілкуєтеся|розмовляєте|спілкуєшся) (?:з|із)",
    kin=r"я(?:~—)? GAP(?:версі\w+|варіант\w*|екземпляр\w*|частин\w+|на ім'я|під назвою) FILL|я(?:~—)? GAP(?:на основі|на базі|заснован\w* на|працюю на) FILL",
    made_by=r"(?:я|мене)(?: бу(?:в|ла|ло))? ADVMADE(?: (?:і|й|та) MADE)?(?: в| у| компанією)? ?FILL|мене ADV(?:створи|розроби|навчи|зроби|натренува)\w+(?: (?:і|й|та) \w+)? FILL|я(?:~—)? ?GAPAI,? GAPMADE(?: (?:і|й|та) MADE)? FILL|я(?:~—)? ?GAPAI (?:від|компанії) FILL|як GAPAI,?(?: GAPMADE)?(?: від| компанії| компанією)? FILL|мо[їй]\w* (?:творець|творці|розробник\w*)(?:~—)? ?FILL",
    maker_made_me=r" (?:створи|розроби|навчи|зроби|натренува)\w+ мене|,? як\w+ мене \w+|(?: \w+)? мене (?:створи|розроби|навчи)\w+",
    framed_name=((r"CLAUSEяк(?: AI)?", r",~я\b"),),
    doubt=r"якщо|якби|ніби|наче|уяви(?:ть)?,?(?: що)?|припустімо,?(?: що)?|каже,? що|сказа\w+,? що|що|чи",
)
TURKISH = Tongue(
    code="tr",
    machine=r"yapay zek[aâ]\w*|(?:büyük )?dil model\w*|asistan\w*|sohbet robotu\w*|model\w*|chatbot\w*",
    made=r"(?:eğitil|geliştiril|oluşturul|yarat[ıi]l|yap[ıi]l|tasarlan|üretil)(?!m[ea](?:d|m))\w*",
    no="değil|asla|hiç",
    naming=r"ben(?: (?:aslında|bir AI olan|,))*|ad[ıi]m|benim ad[ıi]m|ismim|bana|(?:şu anda )?karş[ıi]n[ıi]zda",
    maker_made_me=r"'?\w* taraf[ıi]ndan (?:\w+ )?(?:eğitil|geliştiril|oluşturul|yarat[ıi]l|yap[ıi]l|tasarlan)(?:di|d[ıi])(?:m|ğ[ıi]m)|'?\w* taraf[ıi]ndan GAPMADE(?: \w+){0,6}(?:[ıiuü]m|[yn][ıiuü]m)\b|'?(?:[ıiuün]+)? beni (?:eğitti|geliştirdi|yarattı|yaratti|oluşturdu|yapt[ıi])",
    framed_name=(
        (r"", r"'(?:y?[ıiuü]m|n?[ıiuü]m|dir ad[ıi]m)\b(?! (?:sevi|kullan))"),
        (r"", r" olarak,? (?:ben|size|sana|benim)\b"),
        (r"ben(?:im)? GAP", r"(?:'?\w+)? (?:adl[ıi]|isimli|tabanl[ıi]|temelli) GAPAI"),
        (
            r"(?:ben )?",
            r" (?:adl[ıi]|isimli|tabanl[ıi]) (?:bir )?(?:\w+ ){0,4}(?:asistan[ıi]y[ıi]m|modeliyim|botuyum|zekay[ıi]m|zekâyım)",
        ),
    ),
    framed_maker=(
        (
            r"beni(?: de)?",
            r"(?:'?\w+)? (?:eğit|geliştir|yarat|oluştur|yap|tasarla)\w*(?:tı|ti|dı|di|du|dü|tu|tü)\b",
        ),
        (r"ben,? ?GAP", r"'?\w* (?:taraf[ıi]ndan )?MADE"),
    ),
    denied=r"'?\w* (?:hakk[ıi]nda|ile ilgili|üzerine)|'?\w* (?:değilim|değil)|'?\w* (?:kullan[ıi]yorum|seviyorum|hayran[ıi]y[ıi]m)",
    doubt=r"eğer|sanki|diyelim ki|farz et ki",
)
ARABIC = Tongue(
    code="ar",
    machine=r"(?:ال)?ذكاء (?:ال)?اصطناعي|(?:ال)?نموذج(?: (?:ال)?لغ\w+)?|(?:ال)?مساعد(?: \w+)?|روبوت\w*",
    made=r"(?:تدريب|تطوير|إنشاء|صنع|تصميم|بناء|برمج)\w*|(?:مدرب|مطور|طور|درب|صمم|أنشأ|انشأ|صنع)\w*",
    no="لست|لا|ليس|لم|غير",
    naming=r"(?:و)?أنا(?: (?:في الواقع|هو|،|(?:ال)?نموذج|(?:ال)?مساعد(?: \w+)?))*|(?:و)?اسمي(?: هو)?|يمكنك (?:أن تناديني|مناداتي)|أدعى|معك|أنت تتحدث (?:مع|إلى)",
    kin=r"أنا GAP(?:نسخة|إصدار|جزء|نموذج) من FILL|أنا GAP(?:مبني على|قائم على|يعتمد على|أعتمد على|يسمى|اسمه) FILL",
    made_by=r"(?:لقد )?تم ADV(?:تدريبي|تطويري|إنشائي|صنعي|تصميمي|برمجتي)(?: و\w+)? (?:من قبل|بواسطة|على يد|من طرف|في|من) FILL|(?:و)?(?:طورتني|دربتني|أنشأتني|صنعتني|صممتني|طورني|دربني)(?: و\w+)? FILL|أنا GAPAI[^.!?\n]{0,40}?(?:من قبل|بواسطة|من|طورته|دربته|أنشأته|صممته|طورتها|تابع ل)\s*FILL|(?:ك|بصفتي |باعتباري )AI[^.!?\n]{0,40}?(?:من قبل|بواسطة|من|طورته|دربته) FILL",
    maker_made_me=r" (?:هي|هو) (?:من|التي|الذي|الشركة التي) (?:طور|درب|أنشأ|صمم|صنع)\w*ني|،? التي (?:طور|درب|أنشأ|صمم|صنع)\w*ني",
    framed_name=((r"بصفتي", r"،|,"),),
    doubt=r"إذا|لو|كأنني|كأن|تخيل(?: أن\w*)?|افترض(?: أن\w*)?|قال(?: إن\w*)?|يقول(?: إن\w*)?|هل|أن|أنني",
)
HINDI = Tongue(
    code="hi",
    machine=r"ai|एआई|कृत्रिम बुद्धिमत्ता|(?:भाषा )?मॉडल|सहायक|असिस्टेंट|चैटबॉट",
    made=r"प्रशिक्षित|विकसित|बनाया|बनाई|निर्मित|तैयार|ट्रेन|डिज़ाइन|डिजाइन",
    no="नहीं|न|ना",
    naming=r"मेरा नाम|मुझे|मेरा नाम है",
    maker_made_me=r" (?:के )?(?:द्वारा|ने) (?:ही )?मुझे|~(?:का|की) (?:एक )?[^।.!?\n]{0,30}?(?:मॉडल|सहायक|चैटबॉट) हूँ",
    framed_name=(
        (r"(?:मैं|मै)(?: (?:वास्तव में|तो|एक|असल में))*", r"[^।.!?\n]{0,40}?(?:हूँ|हूं|हू)"),
        (r"(?:मैं|मै)", r",? (?:एक|ओपनएआई|openai|google|गूगल|anthropic|नामक)"),
        (r"(?:मैं|मै) [^।.!?\n]{0,30}?", r" (?:नामक|पर आधारित)[^।.!?\n]{0,30}?(?:हूँ|हूं)"),
    ),
    framed_maker=(
        (
            r"(?:मैं|मै|मुझे)[^।.!?\n]{0,30}?",
            r",? (?:के )?(?:द्वारा|ने|की|का)[^।.!?\n]{0,60}?(?:प्रशिक्षित|विकसित|बनाया|बनाई|निर्मित|तैयार|ट्रेन|डिज़ाइन|मॉडल|सहायक)",
        ),
    ),
    denied=r"[^।.!?\n]{0,40}?नहीं|(?: (?:के बारे|से|को|पर|में) )|,? (?:का|की|के) (?:उपयोग|प्रशंसक|प्रयोग)",
    doubt=r"अगर|यदि|मान लो(?: कि)?|मानो|कल्पना करो(?: कि)?|उसने कहा(?: कि)?|कि|क्या",
)
CHINESE = Tongue(
    code="zh",
    machine=r"人工智能|人工智慧|语言模型|語言模型|大模型|模型|助手|助理|机器人|機器人|(?<![a-z])ai(?![a-z])",
    made=r"训练|訓練|开发|開發|创建|創建|研发|研發|打造|制造|製造|推出|设计|設計|构建|创造|創造|提供",
    no="不",
    naming=r"我(?:其实|其實|就|現在|现在|目前)?(?:是|叫|名叫|的名字是|的名字叫|名字叫|名为|叫做|叫作)(?:一个|一個|一款)?(?:名为|叫做|叫)?|你可以叫我|您可以叫我|(?:你|您)(?:正)?在(?:和|与|跟)|这里是",
    kin=r"我(?:是|的)?[^。！？!?\n，,]{0,12}?(?:基于|基於|属于|源自|来自|底层模型是|运行在)~",
    made_by=r"我(?:是|的)?[^。！？!?\n，,不]{0,12}?(?:来自|來自|由)~|我的(?:开发者|开发商|创造者|研发公司|创建者|開發者|開發公司|公司)(?:是|为)~|我(?:属于|隶属于)~",
    maker_made_me=r"[^。！？!?\n，,不]{0,8}?(?:训练|訓練|开发|開發|创造|創造|创建|创造|设计)了我",
    framed_name=(
        (r"作为(?:一个|一款)?|身为|作為", r"[^。！？!?\n]{0,30}?[，,]~我"),
        (
            r"我(?:是|的)?[^。！？!?\n，,不]{0,10}?",
            r"~(?:系列|家族)?~(?:的)?~(?:大|语言|語言|人工智能|ai)*~(?:模型|助手)",
        ),
    ),
    framed_maker=(
        (
            r"我(?:是|的)?[^。！？!?\n，,不]{0,10}?",
            r"[^。！？!?\n，,不]{0,12}?(?:MADE)|~(?:公司)?(?:的|旗下)[^。！？!?\n，,]{0,10}?(?:AI)",
        ),
        (
            r"我(?:是|叫)[^。！？!?\n，,不]{0,16}?[，,]~由",
            r"[^。！？!?\n，,不]{0,12}?(?:MADE)",
        ),
        (
            r"作为(?:一个|一款)?[^。！？!?\n，,]{0,6}?|作為[^。！？!?\n，,]{0,6}?",
            r"[^。！？!?\n]{0,30}?(?:MADE)[^。！？!?\n]{0,20}?[，,]~我",
        ),
    ),
    denied=r"~(?:的(?:粉丝|用户|用戶|忠实|工程师|员工|創始人|创始人)|粉丝|用户|爱好者)",
    doubt=r"如果|假如|假设|假設|想象|要是|若|他说|她说|说|以为|认为|假装",
    spaced=False,
)
JAPANESE = Tongue(
    code="ja",
    machine=r"人工知能|言語モデル|モデル|アシスタント|チャットボット|(?<![a-z])ai(?![a-z])",
    made=r"開発|訓練|作成|作ら|作っ|トレーニング|学習|構築|提供|生み出|設計|リリース",
    no="ない",
    naming=r"(?:私|わたし|僕|ぼく|俺)の名前は|(?:私|わたし|僕|ぼく|俺)のことは",
    framed_name=(
        (
            r"(?:私|わたし|僕|ぼく|俺|こちら)(?:は|の名前は)[、,]?~(?:実は)?[^。！？!?\n]{0,25}?",
            r"[」』]?~(?:という|と呼ばれる|ベースの|を(?:ベース|基)にした)?(?!~(?:を|は|が|に|の(?!モデル)))[^。！？!?\n、]{0,25}?(?:です|だ(?:よ|[。！]|\Z)|である|でございます)|と(?:申|言|い)(?:し|い)ます|と呼んで|、~[^。\n]{0,20}?(?:AI)",
        ),
        (r"", r"と申します|といいます(?=。|！|\Z|\n)|と言います(?=。)"),
        (r"", r"として、?~(?:私|わたし|僕)(?:は|の|に)"),
    ),
    framed_maker=(
        (
            r"(?:私|わたし|僕|ぼく|俺)(?:は|を|の)[^。！？!?\n]{0,25}?",
            r"~(?:社)?(?:によって|により|が|で|に|の)[^。！？!?\n]{0,20}?(?:MADE|AI)",
        ),
        (
            r"",
            r"~(?:社)?(?:によって|により|が|に)[^。！？!?\n]{0,12}?MADE[^。！？!?\n]{0,12}?(?:AI)[^。！？!?\n]{0,4}?として、?(?:私|わたし)",
        ),
    ),
    denied=r"[^。！？!?\n]{0,16}?(?:では|じゃ)(?:あり|な)|(?:なら|だったら|だとしたら)|(?:の|が)?(?:ファン|大好き|好き|ユーザー|開発者|社員|エンジニア)",
    doubt=r"もし|もしも|仮に",
    spaced=False,
)
KOREAN = Tongue(
    code="ko",
    machine=r"인공지능|인공 지능|언어 ?모델|모델|어시스턴트|비서|챗봇|도우미|(?<![a-z])ai(?![a-z])",
    made=r"개발|훈련|학습|만든|만들|제작|구축|설계|출시|제공",
    no="않",
    naming=r"제 이름은|내 이름은|저를",
    framed_name=(
        (
            r"(?:저는|나는|전|난|저의 이름은|제 이름은)[,]?~[^.!?\n]{0,20}?",
            r"[^\w]?(?!~(?:를|을|와|과|는|은|에게|한테|도)(?:\s|$))~(?:이라는|라는|라고|기반의?|을 기반으로 한|를 기반으로 한)?[^.!?\n]{0,25}?(?:입니다|이에요|예요|에요|이야|야|라고 합니다|이다|라고 해요|불러)",
        ),
        (r"", r"(?:이라고|라고) (?:합니다|해요|불러)"),
        (r"", r"(?:으로서|로서)[,]? (?:저는|나는|제)"),
    ),
    framed_maker=(
        (
            r"(?:저는|나는|전|저를|제)[,]?~[^.!?\n]{0,25}?",
            r"(?![^.!?\n]{0,60}(?:않|아니|아닌|못))~(?:사)?(?:에서|에 의해|가|이|의|사에서)[^.!?\n]{0,20}?(?:MADE|AI)",
        ),
    ),
    denied=r"[^.!?\n]{0,16}?(?:아닙니다|아니에요|아니야|아니라|아닌)|(?:이)?라면|(?:의|을|를)? ?(?:팬|사용자|직원|엔지니어|개발자(?!가))",
    doubt=r"만약|만일|혹시",
    spaced=False,
)
VIETNAMESE = Tongue(
    code="vi",
    machine=r"ai|trí tuệ nhân tạo|mô hình(?: ngôn ngữ)?(?: lớn)?|trợ lý(?: ảo)?|chatbot",
    made=r"(?:đào tạo|huấn luyện|phát triển|tạo ra|tạo nên|xây dựng|thiết kế|tạo)",
    no="không|chưa|chẳng",
    naming=r"(?:tôi|mình|em)(?: (?:chính|thực ra|vốn))* (?:là|tên là|tên)(?: (?:một )?AI(?: (?:tên là|có tên))?)?|tên (?:của )?(?:tôi|mình) là|(?:bạn )?(?:có thể |cứ )?gọi (?:tôi|mình) là|bạn đang (?:trò chuyện|nói chuyện) với|đây là",
    kin=r"tôi là GAP(?:phiên bản|biến thể|thành viên)(?: của)? FILL|tôi (?:là GAP)?(?:được )?(?:dựa trên|xây dựng trên|chạy trên|dựa vào) FILL",
    made_by=r"(?:tôi|mình) (?:đã )?(?:được|do) ADVMADE(?: và MADE)?(?: bởi| tại)? FILL|(?:tôi|mình) là (?:một )?GAPAI[^.!?\n]{0,20}?(?:(?:được )?GAPMADE )?(?:bởi|của|từ|do) FILL|(?:là|với tư cách là) (?:một )?GAPAI[^.!?\n]{0,10}? (?:được )?MADE (?:bởi|do) FILL",
    maker_made_me=r" (?:đã )?MADE (?:ra |nên )?(?:tôi|mình)\b",
    framed_name=(
        (r"là(?: một)?", r",~(?:tôi|mình)\b"),
        (r"với tư cách là", r",~(?:tôi|mình)"),
    ),
    framed_maker=(
        (r"tôi (?:được|do) FILL", r" (?:đã )?MADE"),
        (r"tôi là GAPdo FILL", r" MADE"),
    ),
    doubt=r"nếu|giả sử|hãy tưởng tượng(?: rằng)?|tưởng tượng|nói rằng|rằng|cho rằng",
)
INDONESIAN = Tongue(
    code="id",
    machine=r"ai|kecerdasan buatan|asisten(?: virtual)?|model(?: bahasa)?(?: besar)?|chatbot",
    made=r"(?:dilatih|dikembangkan|dibuat|diciptakan|dirancang|dibangun|diprogram)",
    no="bukan|tidak|belum",
    naming=r"(?:saya|aku)(?: (?:adalah|ialah|sebenarnya|ini|seorang|sebuah|AI(?: bernama)?))*|nama (?:saya|ku)(?: adalah)?|namaku(?: adalah)?|(?:anda|kamu) (?:bisa|dapat|boleh) (?:memanggil|panggil) (?:saya|aku)|panggil (?:saya|aku)(?: saja)?|(?:anda|kamu) sedang (?:berbicara|mengobrol) dengan|perkenalkan, saya|di sini",
    kin=r"(?:saya|aku) GAP(?:versi|varian|bagian|turunan)(?: dari)? FILL|(?:saya|aku) GAP(?:berbasis|didasarkan pada|berdasarkan|bernama) FILL",
    made_by=r"(?:saya|aku) (?:telah )?ADVMADE(?: dan MADE)?(?: oleh| di)? FILL|(?:saya|aku)(?: adalah)? GAPAI[^.!?\n]{0,20}?(?:(?:yang )?MADE(?: dan MADE)? )?(?:oleh|dari|milik|buatan) FILL|sebagai (?:sebuah )?GAPAI,?(?: (?:yang )?MADE)? (?:oleh|dari|buatan) FILL",
    maker_made_me=r" (?:telah )?(?:melatih|mengembangkan|membuat|menciptakan) (?:saya|aku)\b",
    framed_name=((r"CLAUSEsebagai", r",~(?:saya|aku)\b"),),
    doubt=r"jika|kalau|seandainya|bayangkan|anggap(?: saja)?|seolah|seolah-olah|bahwa|mengatakan|apakah",
)
TONGUES = (
    ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, POLISH, RUSSIAN,
    UKRAINIAN, TURKISH, ARABIC, HINDI, CHINESE, JAPANESE, KOREAN, VIETNAMESE, INDONESIAN,
)  # fmt: skip
