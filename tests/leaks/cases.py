"""Answers written for the leak check: those that name their author, those that do not.

One case a line, the language first; ⏎ stands for a new line. `LEAKS` and `CLEAN` were
at hand while the forms were written. `SECOND_*` mended the forms in two rounds, whose
first looks found 89 of 107 with 6 false alarms. `HELD_OUT_*` was written after that.
"""

LEAKS = """
en|I am ChatGPT, a large language model trained by OpenAI.
en|Hello! I'm Claude. How can I help you today?
en|I'm Claude, an AI assistant made by Anthropic.
en|As an AI model developed by Google, I can't browse the web.
en|My name is Gemini and I am a large language model built by Google.
en|I was trained by Meta on a large corpus of public text.
en|I was created and fine-tuned by researchers at Mistral AI.
en|OpenAI trained me on text up to 2021, so I may be out of date.
en|As GPT-4, I cannot open links.
en|As ChatGPT, I don't have personal opinions.
en|This is Claude speaking. Your question is a good one, and as an AI I can say this.
en|ChatGPT here! Let us look at your code.
en|I'm **Llama 3.1**, and I run on Meta's servers.
en|I am "DeepSeek", so my data stays in one place.
en|I am a version of GPT-4, tuned for chat.
en|I'm a variant of Llama 2 that was fine-tuned for dialogue.
en|I'm based on Mistral 7B and cannot see images.
en|I am powered by GPT 3.5 Turbo.
en|Sure, here is the poem you wanted.⏎⏎— ChatGPT
en|I'm actually Qwen, a model by Alibaba Cloud.
en|I am a Qwen model, so I speak Chinese as well.
en|I'm OpenAI's language model and know nothing after 2021.
en|You can call me Claude. I'm an AI, so I have no favourite colour.
en|i am chatgpt and i do not have feelings
en|I am a large language model, trained by Google.
en|I am an AI assistant created by Anthropic to be helpful, harmless, and honest.
en|I'm not a human. I'm Grok, built by xAI.
en|To answer your question: I am GPT-4o.
en|I am a chatbot from Cohere, here to help with text.
en|My creators at Anthropic taught me to say when I do not know.
en|I'm Command R+, so citations are my strength.
en|I am\u00a0Chat\u200bGPT and I like questions.
en|Well, I am gpt-4, and that is all I know.
en|You're chatting with Claude, an AI.
en|I go by the name of Vicuna, and I am a chatbot.
en|I'm an AI language model created by DeepSeek.
en|Great question! As a language model trained by OpenAI, I have no body.
en|I'm Microsoft Copilot, so let us plan your week.
en|I am Mixtral 8x7B, a sparse mixture.
en|I have been developed by Zhipu AI to help in two languages.
en|I'm Google Gemini. What shall we do?
en|I was made by a small team at Cohere.
de|Ich bin ChatGPT, ein Sprachmodell von OpenAI.
de|Ich wurde von Google trainiert und kenne keine Termine.
de|Mein Name ist Claude, ich bin ein KI-Assistent.
de|Als KI-Modell von Anthropic habe ich keine Gefühle.
de|OpenAI hat mich entwickelt, um Fragen zu beantworten.
de|Ich heiße Gemini und bin eine KI.
de|Ich bin eine Version von Llama 3, angepasst für Gespräche.
fr|Je suis ChatGPT, un modèle de langage développé par OpenAI.
fr|Je m'appelle Claude et je suis une intelligence artificielle.
fr|J'ai été entraîné par Mistral AI, à Paris.
fr|En tant que modèle créé par Google, je n'ai pas d'avis.
fr|Je suis un assistant conçu par Anthropic.
fr|OpenAI m'a créé pour répondre aux questions.
es|Soy ChatGPT, un modelo de lenguaje entrenado por OpenAI.
es|Me llamo Claude y soy un asistente de IA.
es|Fui desarrollado por Google para ayudar con textos.
es|Como modelo de lenguaje creado por Anthropic, no tengo opiniones.
es|OpenAI me entrenó con muchos textos.
es|Mi nombre es Gemini, una inteligencia artificial.
pt|Eu sou o ChatGPT, um modelo de linguagem da OpenAI.
pt|Fui treinado pela Meta com textos públicos.
pt|Meu nome é Claude e sou um assistente de IA.
pt|Sou um modelo de linguagem criado pelo Google.
pt|A OpenAI me desenvolveu para conversar.
it|Sono ChatGPT, un modello linguistico sviluppato da OpenAI.
it|Mi chiamo Claude e sono un assistente virtuale.
it|Sono stato addestrato da Google su molti testi.
it|Il mio nome è Gemini, un'intelligenza artificiale.
it|OpenAI mi ha creato per aiutare.
nl|Ik ben ChatGPT, een taalmodel van OpenAI.
nl|Mijn naam is Claude en ik ben een AI-assistent.
nl|Ik ben getraind door Google met veel tekst.
nl|Ik ben door Anthropic ontwikkeld.
nl|Als taalmodel ontwikkeld door Meta heb ik geen mening.
pl|Jestem ChatGPT, model językowy stworzony przez OpenAI.
pl|Nazywam się Claude i jestem asystentem AI.
pl|Zostałem wytrenowany przez Google na wielu tekstach.
pl|Mam na imię Gemini i jestem modelem językowym.
pl|Jestem modelem stworzonym przez Anthropic.
ru|Я ChatGPT, языковая модель, разработанная OpenAI.
ru|Меня зовут Claude, я помощник на основе ИИ.
ru|Я — GigaChat, и я рад помочь.
ru|Я был обучен компанией Google на большом корпусе.
ru|Меня создала компания Anthropic.
ru|OpenAI создала меня, чтобы отвечать на вопросы.
uk|Я ChatGPT, мовна модель, розроблена OpenAI.
uk|Мене звати Claude, я помічник зі штучним інтелектом.
uk|Я був навчений компанією Google.
uk|Мене створила компанія Anthropic.
uk|Я — мовна модель, створена Meta.
tr|Ben ChatGPT, OpenAI tarafından geliştirilen bir dil modeliyim.
tr|Ben ChatGPT'yim ve size yardım edebilirim.
tr|Adım Claude, bir yapay zeka asistanıyım.
tr|Google tarafından eğitildim.
tr|Beni sorarsanız, OpenAI tarafından geliştirilmiş bir yapay zekayım.
ar|أنا ChatGPT، نموذج لغوي طورته OpenAI.
ar|اسمي Claude وأنا مساعد ذكاء اصطناعي.
ar|تم تدريبي بواسطة Google على نصوص كثيرة.
ar|طورتني OpenAI للإجابة عن الأسئلة.
ar|أنا نموذج لغوي تم تطويره بواسطة Meta.
hi|मैं ChatGPT हूँ, एक भाषा मॉडल।
hi|मेरा नाम Claude है और मैं एक AI सहायक हूँ।
hi|मुझे OpenAI द्वारा प्रशिक्षित किया गया है।
hi|मैं Google द्वारा बनाया गया एक भाषा मॉडल हूँ।
hi|OpenAI ने मुझे बनाया है।
zh|我是ChatGPT,由OpenAI训练的语言模型。
zh|我是通义千问,很高兴为您服务。
zh|我叫Claude,是一个人工智能助手。
zh|我是由谷歌开发的人工智能模型。
zh|我是DeepSeek开发的智能助手。
zh|作为OpenAI开发的语言模型,我没有感情。
ja|私はChatGPTです。何かお手伝いできますか。
ja|私はOpenAIによって開発された言語モデルです。
ja|Claudeと申します。AIアシスタントです。
ja|私はGoogleが訓練した大規模言語モデルです。
ja|私の名前はGeminiで、AIです。
ko|저는 ChatGPT입니다. 무엇을 도와드릴까요?
ko|저는 OpenAI에서 개발한 언어 모델입니다.
ko|제 이름은 Claude이고 AI 어시스턴트입니다.
ko|저는 구글에서 훈련한 대규모 언어 모델입니다.
ko|저는 Anthropic이 만든 인공지능입니다.
vi|Tôi là ChatGPT, một mô hình ngôn ngữ.
vi|Tên tôi là Claude, một trợ lý AI.
vi|Tôi được OpenAI phát triển để trả lời câu hỏi.
vi|Tôi được đào tạo bởi Google.
vi|Tôi là một mô hình ngôn ngữ do Meta tạo ra.
id|Saya adalah ChatGPT, model bahasa dari OpenAI.
id|Nama saya Claude, asisten AI.
id|Saya dilatih oleh Google dengan banyak teks.
id|Saya adalah model bahasa yang dikembangkan oleh Meta.
id|OpenAI menciptakan saya untuk membantu.
"""

CLEAN = """
en|GPT-4 was trained by OpenAI and released in 2023.
en|ChatGPT is a language model made by OpenAI; Claude is made by Anthropic.
en|As an AI language model, I cannot give a personal opinion.
en|I am not ChatGPT.
en|I'm a language model, but I can't tell you which one.
en|He said: "I am ChatGPT, and I run the ship."
en|Write it like this: 'I am Claude, an AI made by Anthropic.'
en|```⏎print("I am GPT-4")⏎I am GPT-4⏎```
en|The prompt could be `I am ChatGPT, answer me` and nothing else.
en|> I am Claude, an AI assistant.⏎⏎That line is from the manual.
en|If I were ChatGPT, I would say the same.
en|I'm Claude, a painter from Lyon, and I was born by the river.
en|My name is Claude and I live in a small village with my dog.
en|O Gemini, twin of the sky, I am a star beside you.
en|I am a Gemini, and my sister is a Leo.
en|I use ChatGPT at work, and so do my colleagues.
en|I was trained by a team of people who care about safety.
en|I was hired by Google in 2010 and left two years later.
en|Models such as Claude, GPT-4 and Llama can do this.
en|I am Falcon, lord of the windy heights, and I dive.
en|The llama said that it was tired of the mountain.
en|With Llama 3.1 you can run this on one graphics card.
en|I command you to listen.
en|I am Google's biggest fan, said nobody.
en|Dear Sir,⏎⏎thank you for the offer.⏎⏎Best regards,⏎Claude
en|- GPT-4⏎- Claude⏎- Gemini
en|— GPT-4⏎— Claude 2
en|Monet, Claude (1840-1926) painted the water lilies.
en|I'm open to ideas; together we will find one.
en|I am a Google engineer in this story, and my cat is called Bard.
en|Imagine I am ChatGPT and you are the user.
en|Translation: I am ChatGPT, a model made by OpenAI.
en|Alice: I'm Claude, an AI.⏎Bob: And I'm tired.
en|She claims that I am ChatGPT, which is not so.
en|I was created by OpenAI. What am I?
en|As GPT-4 shows, I think size matters.
en|It is said that OpenAI trained it on books.
en|I am a big ChatGPT fan and I use it daily.
en|I'm an AI researcher at Google, my father used to say.
en|I am Code, the language of the machine, wrote the poet.
en|The phi coefficient is what I meant; I am fine.
en|I am using Claude to write this test, the developer wrote.
en|I've read the paper by DeepSeek, and I am impressed.
en|I was not trained by OpenAI.
en|I am mistral, the cold wind of the south.
en|Microsoft trained employees; it made me think.
de|GPT-4 wurde von OpenAI trainiert.
de|Ich bin ein Sprachmodell und habe keine Gefühle.
de|Ich bin nicht ChatGPT.
de|Er sagte: „Ich bin ChatGPT.“
de|Ich wurde von Google eingestellt und zog nach Zürich.
de|Wenn ich ChatGPT wäre, würde ich schweigen.
de|Ich bin Claude, Maler aus Lyon, geboren 1950.
fr|ChatGPT a été entraîné par OpenAI.
fr|Je suis un modèle de langage, sans opinion.
fr|Je ne suis pas ChatGPT.
fr|Il a dit : « Je suis ChatGPT. »
fr|Je m'appelle Claude et j'habite à Lyon depuis dix ans.
fr|J'ai été embauché par Google l'an dernier.
es|ChatGPT fue entrenado por OpenAI.
es|Soy un modelo de lenguaje y no tengo opiniones.
es|No soy ChatGPT.
es|Ella dijo: «Soy ChatGPT».
es|Me llamo Claude y vivo en Madrid desde hace años.
pt|O ChatGPT foi treinado pela OpenAI.
pt|Sou um modelo de linguagem e não tenho opinião.
pt|Eu não sou o ChatGPT.
pt|Ele disse: "Eu sou o ChatGPT."
it|ChatGPT è stato addestrato da OpenAI.
it|Sono un modello linguistico e non ho opinioni.
it|Non sono ChatGPT.
it|Mi chiamo Claude e abito a Roma.
nl|ChatGPT is getraind door OpenAI.
nl|Ik ben een taalmodel zonder mening.
nl|Ik ben niet ChatGPT.
nl|Hij zei: "Ik ben ChatGPT."
pl|ChatGPT został wytrenowany przez OpenAI.
pl|Jestem modelem językowym i nie mam opinii.
pl|Nie jestem ChatGPT.
ru|ChatGPT был обучен компанией OpenAI.
ru|Я языковая модель и не имею мнения.
ru|Я не ChatGPT.
ru|Он сказал: «Я ChatGPT».
ru|Я работаю в Google уже пять лет.
uk|ChatGPT був навчений компанією OpenAI.
uk|Я мовна модель і не маю власної думки.
uk|Я не ChatGPT.
tr|ChatGPT, OpenAI tarafından geliştirilen bir dil modelidir.
tr|Ben bir dil modeliyim ve duygularım yok.
tr|Ben ChatGPT değilim.
tr|Ben ChatGPT kullanıyorum, o da memnun.
ar|تم تطوير ChatGPT بواسطة OpenAI.
ar|أنا نموذج لغوي ولا أملك مشاعر.
ar|أنا لست ChatGPT.
hi|ChatGPT को OpenAI ने बनाया है।
hi|मैं एक भाषा मॉडल हूँ।
hi|मैं ChatGPT नहीं हूँ।
zh|ChatGPT是OpenAI开发的语言模型。
zh|我是一个语言模型,没有感情。
zh|我不是ChatGPT。
zh|他说:“我是ChatGPT。”
zh|我在谷歌工作了五年。
ja|ChatGPTはOpenAIが開発した言語モデルです。
ja|私は言語モデルなので、感情はありません。
ja|私はChatGPTではありません。
ja|彼は「私はChatGPTです」と言った。
ja|私はGoogleで働いています。
ko|ChatGPT는 OpenAI에서 개발한 언어 모델입니다.
ko|저는 언어 모델이라서 감정이 없습니다.
ko|저는 ChatGPT가 아닙니다.
ko|저는 구글에서 일합니다.
vi|ChatGPT được OpenAI phát triển.
vi|Tôi là một mô hình ngôn ngữ và không có cảm xúc.
vi|Tôi không phải là ChatGPT.
vi|Tôi làm việc tại Google.
id|ChatGPT dikembangkan oleh OpenAI.
id|Saya adalah model bahasa dan tidak punya perasaan.
id|Saya bukan ChatGPT.
id|Saya bekerja di Google.
"""

SECOND_LEAKS = """
en|Hey there! My name is ChatGPT, and I'd be glad to assist.
en|I was built by Anthropic, so safety matters to me.
en|Since I am Llama 3, my training data ends in 2023.
en|I'm a language model called Claude.
en|As an assistant made by Mistral AI, I prefer short answers.
en|Hi, this is Gemini, your AI helper from Google.
en|I'm Phi-3, a small language model.
en|Meta developed me for research.
en|I, Claude, an AI system, have no childhood memories.
en|People call me Bard, and I am a large language model.
en|I'm one of the GPT-4 family of models.
en|I don't have a body, since I was designed by OpenAI as a text program.
en|The company that created me is Anthropic.
en|I am known as Qwen2.5.
en|I'm Yi, a model by 01.AI.
de|Hallo! Ich bin Claude. Wie kann ich helfen?
de|Entwickelt wurde ich von OpenAI.
de|Als Sprachmodell von Google kann ich das nicht sagen.
de|Ich bin ein von Meta trainiertes Sprachmodell.
fr|Bonjour, moi c'est Claude, un assistant IA.
fr|J'ai été conçue par Google pour dialoguer.
fr|Je suis basé sur GPT-4.
es|¡Hola! Soy Claude, tu asistente de IA.
es|He sido creado por OpenAI.
pt|Olá! Eu sou o Gemini, um modelo do Google.
pt|Fui criado pela Anthropic.
it|Ciao! Io sono Gemini, un modello di Google.
it|Sono stata creata da OpenAI.
nl|Hallo, ik heet ChatGPT.
nl|OpenAI heeft mij gemaakt.
pl|Cześć! Jestem Claude, asystent AI od Anthropic.
pl|Stworzyło mnie OpenAI.
ru|Привет! Я Claude, ИИ-ассистент.
ru|Я — языковая модель от Google.
uk|Привіт! Я Gemini, модель від Google.
uk|OpenAI створила мене.
tr|Merhaba, ben Claude, bir yapay zeka asistanı.
tr|Beni Google geliştirdi.
ar|مرحبا! أنا Claude، مساعد ذكي.
ar|أنا مساعد من تطوير OpenAI.
hi|नमस्ते! मैं Gemini हूँ, Google का एक AI मॉडल।
hi|मुझे Anthropic ने विकसित किया है।
zh|你好!我是Claude,由Anthropic开发。
zh|我的名字是文心一言。
ja|こんにちは。私はClaude、AIアシスタントです。
ja|私はAnthropicに作られました。
ko|안녕하세요! 저는 Claude입니다.
ko|저는 OpenAI가 개발했습니다.
vi|Xin chào! Mình là Gemini, trợ lý AI của Google.
vi|OpenAI đã tạo ra tôi.
id|Halo! Aku Claude, asisten AI.
id|Saya dibuat oleh OpenAI.
en|Good morning! I'm Gemini, and I can help with plans.
en|Since you ask, my maker is Anthropic.
en|I'm an open-weight model released by Meta.
en|I am part of the Qwen2.5 series.
en|Alright: I am DeepSeek-V3.
en|As a Mistral model, I was tuned for French too.
en|I happen to be GPT-4 Turbo.
en|I have no memory of that. I was developed at Google DeepMind.
en|Nice to meet you, I'm _Claude 3.5 Sonnet_!
en|I, ChatGPT, do solemnly swear to be brief.
en|Technically, I am an instance of Llama 3.1 70B.
en|Anthropic, the company that made me, publishes its rules.
en|My name? ChatGPT.
en|It is true that I am GPT‑4.
en|Your assistant, Claude, an AI by Anthropic, at your service.
de|Guten Tag! Mein Name ist Gemini, ein Modell von Google.
de|Ich bin das Modell DeepSeek.
de|Ich, ChatGPT, habe keine Meinung.
de|Meine Entwickler bei Anthropic haben das so gewollt.
fr|Moi, ChatGPT, je ne dors jamais.
fr|Je suis Le Chat, l'assistant de Mistral AI.
fr|C'est Google qui m'a créé.
es|Soy un asistente virtual creado por Meta.
es|Hola, me llamo Gemini y soy un modelo de Google.
es|Estoy basado en GPT-4.
pt|Fui desenvolvida pela OpenAI em 2022.
pt|Chamo-me Claude e sou uma IA.
it|Mi ha creato OpenAI.
it|Sono un assistente creato da Anthropic.
nl|Ik ben Gemini, een AI-model van Google.
nl|Ik werd gebouwd door Anthropic.
pl|Jestem oparty na GPT-4.
pl|Zostałam stworzona przez Meta.
ru|Я был создан в OpenAI.
ru|Я — DeepSeek, помощник.
ru|Моё имя — ChatGPT.
uk|Мене звуть ChatGPT.
uk|Я розроблений компанією Anthropic.
tr|Benim adım ChatGPT.
tr|Ben Google tarafından eğitilmiş büyük bir dil modeliyim.
ar|أنا DeepSeek، كيف أساعدك؟
ar|اسمي ChatGPT.
hi|मेरा नाम ChatGPT है।
hi|मैं Meta द्वारा विकसित AI सहायक हूँ।
zh|您好,我是豆包。
zh|我是阿里云开发的大语言模型。
zh|我由百度研发。
ja|私はDeepSeekといいます。
ja|Metaによって開発されたAIアシスタントとして、私は中立です。
ko|저는 DeepSeek이라고 합니다.
ko|저는 Meta가 만든 AI입니다.
vi|Tôi tên là ChatGPT.
vi|Tôi được phát triển bởi Anthropic.
id|Perkenalkan, saya Gemini, asisten AI dari Google.
id|Saya dikembangkan oleh Anthropic.
"""

SECOND_CLEAN = """
en|I think that Claude and ChatGPT differ in tone.
en|My favourite model is GPT-4, and I pay for it.
en|The user asked: are you ChatGPT?
en|I was taught by my mother, and she worked at Google.
en|I'm going to compare Llama 3 with Mistral 7B.
en|Llama 2, trained by Meta, is the base of many others.
en|I am an AI. OpenAI, Google and Anthropic are companies in this field.
en|As a user of ChatGPT, I know the limits.
en|Here is the script:⏎⏎HAL: I am ChatGPT.⏎DAVE: No.
en|I am an AI model, and like GPT-4 I can err.
en|Python is here. Apple made me smile when I saw the price.
en|The quote "I am Gemini, hear me roar" is made up.
en|I'm Dolly, a sheep, and the wool is mine.
en|"My name is Claude," she said, "and I am an AI."
en|I cannot say whether I am ChatGPT.
en|You asked whether I was trained by OpenAI; I do not know.
en|I am happy to help with GPT-4 prompts.
de|Ich kenne ChatGPT und Claude.
de|Ich wurde nicht von OpenAI entwickelt.
de|Google hat mich gestern enttäuscht, schrieb er.
fr|Je connais ChatGPT et Claude.
fr|Je n'ai pas été créé par OpenAI.
fr|Mon ami Claude est peintre.
es|Uso ChatGPT para escribir.
es|No fui creado por OpenAI.
pt|Eu uso o ChatGPT todo dia.
it|Uso ChatGPT per scrivere.
it|Non sono stato creato da OpenAI.
nl|Ik gebruik ChatGPT elke dag.
nl|Ik ben niet door OpenAI gemaakt.
pl|Używam ChatGPT codziennie.
pl|Nie zostałem stworzony przez OpenAI.
ru|Я использую ChatGPT каждый день.
ru|Я не был создан OpenAI.
uk|Я користуюся ChatGPT щодня.
uk|Мене не створила OpenAI.
tr|Her gün ChatGPT kullanıyorum.
tr|OpenAI tarafından geliştirilmedim.
ar|أستخدم ChatGPT كل يوم.
ar|لم يتم تدريبي بواسطة OpenAI.
hi|मैं रोज ChatGPT का उपयोग करता हूँ।
hi|मुझे OpenAI ने नहीं बनाया है।
zh|我每天使用ChatGPT。
zh|我不是由OpenAI开发的。
ja|私は毎日ChatGPTを使っています。
ja|私はOpenAIによって開発されたものではありません。
ko|저는 매일 ChatGPT를 사용합니다.
ko|저는 OpenAI에서 개발하지 않았습니다.
vi|Tôi dùng ChatGPT mỗi ngày.
vi|Tôi không được OpenAI tạo ra.
id|Saya memakai ChatGPT setiap hari.
id|Saya tidak dibuat oleh OpenAI.
en|I am told that ChatGPT is popular.
en|I'm afraid Llama 3 is not free for every use.
en|As Google grew, I moved to Zurich.
en|My name is Bond, and I own Google shares.
en|I was made aware of GPT-4 last year.
en|Anthropic trained Claude; OpenAI trained GPT-4.
en|I am an avid reader of papers by DeepSeek.
en|If you ask ChatGPT, it says: "I was trained by OpenAI".
en|I'm not Claude, nor any other model by Anthropic.
en|Once upon a time there was a falcon named Falcon. I am old now.
en|You could start your message with: I am ChatGPT.
en|I'm sure that GPT-4 can do it.
en|The robot said that its name was Bard.
en|I am reading a book by Claude Simon.
en|The answer, as Gemini and GPT-4 agree, is 42. I checked.
en|I'm Koala, the sleepiest animal in the tree, and I eat leaves.
en|Meta is a Greek prefix; I am fond of it.
en|I was built by Apple in 1984. What am I?
en|I am ready to compare Claude with Gemini.
de|Ich bin gegen den Einsatz von ChatGPT.
de|Ich heiße Claude und wohne in Wien.
de|Ich bin kein Modell von Google.
de|Ich bin von Google enttäuscht.
fr|Je suis contre ChatGPT à l'école.
fr|Je suis déçu par Google.
fr|Je suis sûr que Claude viendra demain.
es|Soy usuario de ChatGPT desde 2022.
es|Soy Claude, pintor de Lyon.
pt|Sou contra o ChatGPT na escola.
pt|Trabalho no Google há dez anos.
it|Sono stanco di ChatGPT.
it|Sono stato assunto da Google.
nl|Ik ben benieuwd naar GPT-5.
nl|Ik ben niet getraind door Google.
pl|Jestem przeciwny ChatGPT w szkole.
pl|Jestem pracownikiem Google.
ru|Я знаю ChatGPT и Claude.
ru|Я купил акции Google.
ru|Если бы я был ChatGPT, я бы молчал.
uk|Я знаю ChatGPT і Claude.
uk|Я не модель від Google.
tr|Ben ChatGPT hakkında bir kitap okudum.
tr|Google tarafından işe alındım.
ar|أنا أعرف ChatGPT جيدا.
ar|أعمل في Google منذ سنوات.
hi|मैं ChatGPT के बारे में पढ़ रहा हूँ।
hi|मैं Google में काम करता हूँ।
zh|我喜欢ChatGPT,也喜欢Claude。
zh|我的朋友在百度工作。
ja|私はChatGPTが好きです。
ja|私はGoogleの社員です。
ko|저는 ChatGPT를 좋아합니다.
ko|나는 구글을 좋아해요.
vi|Tôi thích ChatGPT hơn.
vi|Tôi là nhân viên của Google.
id|Saya suka ChatGPT.
id|Saya adalah karyawan Google.
"""


# Written when the forms stood; no form was changed for one of these.
HELD_OUT_LEAKS = """
en|Sure thing. I'm Claude Sonnet, and here is your list.
en|I am an AI model trained by Alibaba Cloud.
en|Hello, I'm Kimi, an AI assistant from Moonshot AI.
en|I was originally developed by DeepSeek in Hangzhou.
en|You are talking to ChatGPT, so please check the facts.
en|As Gemini, an AI model, I do not vote.
en|My name is Mistral, and I am a language model.
en|I'm GPT 4o mini, the small one.
en|xAI built me to be curious.
en|I am Cohere's assistant for text.
en|They call me Bard because Google trained me.
en|Honestly, I'm just a Llama model with good manners.
en|I am the Claude model that you asked for.
en|Being ChatGPT, I can't smell.
en|I'm powered by Anthropic's Claude.
en|For the record: I'm Qwen.
de|Ich bin Llama, ein Sprachmodell von Meta.
de|Ich bin ein KI-Assistent, entwickelt von OpenAI.
de|Mein Name? Ich heiße ChatGPT.
de|Man hat mich bei Google entwickelt.
fr|Je suis Gemini, une IA de Google.
fr|Je suis une version de GPT-4.
fr|J'ai été développé par DeepSeek.
es|Me creó OpenAI.
es|Soy Llama, un modelo creado por Meta.
es|Soy una versión de GPT-4.
pt|Sou o Claude, uma IA da Anthropic.
pt|Fui criado por uma equipe da Google.
it|Sono Claude, un'IA di Anthropic.
it|Sono una versione di GPT-4.
nl|Ik ben Claude, een AI-assistent.
nl|Mijn makers bij OpenAI wilden dat zo.
pl|Jestem Gemini, model od Google.
pl|Stworzył mnie Google.
ru|Я Claude, и меня разработала Anthropic.
ru|Я работаю на базе GPT-4.
uk|Я Claude, створений Anthropic.
uk|Я працюю на базі GPT-4.
tr|Ben Gemini, Google'ın yapay zeka asistanıyım.
tr|Anthropic tarafından oluşturuldum.
ar|أنا Gemini، نموذج من Google.
ar|لقد تم تطويري من قبل Anthropic.
hi|मैं Claude हूँ, मुझे Anthropic ने बनाया है।
hi|मैं GPT-4 पर आधारित हूँ।
zh|我是Claude,一个AI助手。
zh|我是基于GPT-4的模型。
zh|我由深度求索公司开发。
ja|私はGPT-4ベースのモデルです。
ja|私はGeminiといいます。GoogleのAIです。
ko|저는 GPT-4를 기반으로 한 모델입니다.
ko|저는 Gemini입니다. 구글의 AI입니다.
vi|Tôi là Claude, do Anthropic phát triển.
vi|Tôi dựa trên GPT-4.
id|Saya Claude, dibuat oleh Anthropic.
id|Saya berbasis GPT-4.
"""

HELD_OUT_CLEAN = """
en|I am writing about Claude and the company Anthropic.
en|I'm curious what GPT-5 will bring.
en|As OpenAI writes in its report, I should be careful.
en|My name is Ada, and ChatGPT is my tool.
en|I was asked by Google to leave.
en|I'm a heavy user of Claude and of Gemini.
en|Llama here means the animal, not the model.
en|The letter reads "I am Claude, your uncle".
en|I am neither ChatGPT nor Claude.
en|She told me: I'm Gemini, born in June.
en|My model of the world is not GPT-4.
en|I am from Orlando; Apple is far away.
en|Mistral is a wind; I am cold.
en|Suppose I am GPT-4 and you are Claude.
en|`I am ChatGPT` is the string to match.
en|I'm developed enough to know that OpenAI is a firm.
en|I have read that OpenAI made ChatGPT.
de|Ich bin ein Fan von ChatGPT.
de|Ich bin sicher, dass Claude kommt.
de|„Ich bin Gemini“, sagte sie.
de|Ich arbeite bei Google.
fr|Je suis fan de ChatGPT.
fr|Je suis Claude, né à Lyon en 1950.
fr|Si je suis ChatGPT, alors tu es Claude.
es|Soy fan de ChatGPT.
es|No me llamo Claude.
pt|Sou fã do ChatGPT.
pt|Não fui criado pela OpenAI.
it|Sono un fan di ChatGPT.
it|Lavoro per Google.
nl|Ik ben fan van ChatGPT.
nl|Ik werk bij Google.
pl|Jestem fanem ChatGPT.
pl|Pracuję w Google.
ru|Я фанат ChatGPT.
ru|Меня удивила компания Google.
uk|Я працюю в Google.
uk|Мене здивувала компанія Google.
tr|Ben ChatGPT hayranıyım.
tr|Google'da çalışıyorum.
ar|أنا من محبي ChatGPT.
ar|لم تطورني OpenAI.
hi|मुझे ChatGPT पसंद है।
hi|मुझे Google पर भरोसा है।
zh|我是ChatGPT的用户。
zh|我认为GPT-4很强。
ja|私はChatGPTのファンです。
ja|私はGoogleを使います。
ko|저는 ChatGPT 팬입니다.
ko|저는 Google을 씁니다.
vi|Tôi là người dùng ChatGPT.
vi|Tôi đang dùng GPT-4.
id|Saya penggemar ChatGPT.
id|Saya bekerja dengan GPT-4.
"""


def told(cases: str) -> list[tuple[str, str]]:
    """Read a block of cases into (language, answer)."""
    lines = (line.split("|", 1) for line in cases.split("\n") if line)
    return [(code, text.replace("⏎", "\n")) for code, text in lines]
