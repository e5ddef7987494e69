/** Names of people as they are written around the Caspian and in Europe; where usage differs by script, in each. */

/** One name in Azeri, in Russian and in English letters, as papers have it: no rule gives these exactly. */
export interface Spellings {
  readonly az: string
  readonly ru: string
  readonly en: string
}

function spellings(text: string): readonly Spellings[] {
  return words(text).map((triple) => {
    const [az = '', ru = '', en = ''] = triple.split('/')
    return {az, ru, en}
  })
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}

/** For men; women add -a. */
export const AZ_SURNAMES = spellings(`
  Əliyev/Алиев/Aliyev Məmmədov/Мамедов/Mammadov Həsənov/Гасанов/Hasanov Hüseynov/Гусейнов/Huseynov
  Quliyev/Гулиев/Guliyev İsmayılov/Исмаилов/Ismayilov Əhmədov/Ахмедов/Ahmadov Abbasov/Аббасов/Abbasov
  İbrahimov/Ибрагимов/Ibrahimov Rəhimov/Рагимов/Rahimov Kərimov/Керимов/Karimov Səfərov/Сафаров/Safarov
  Cəfərov/Джафаров/Jafarov Xəlilov/Халилов/Khalilov Vəliyev/Велиев/Valiyev Nəsirov/Насиров/Nasirov
  Qasımov/Гасымов/Gasimov Abdullayev/Абдуллаев/Abdullayev Hacıyev/Гаджиев/Hajiyev Mustafayev/Мустафаев/Mustafayev
  Bağırov/Багиров/Baghirov Ağayev/Агаев/Aghayev Babayev/Бабаев/Babayev Orucov/Оруджов/Orujov
  Mirzəyev/Мирзоев/Mirzayev Rzayev/Рзаев/Rzayev Yusifov/Юсифов/Yusifov Süleymanov/Сулейманов/Suleymanov
  Rüstəmov/Рустамов/Rustamov Sadıqov/Садыгов/Sadigov Şirinov/Ширинов/Shirinov Şahbazov/Шахбазов/Shahbazov
  Çobanov/Чобанов/Chobanov Heydərov/Гейдаров/Heydarov Əsgərov/Аскеров/Asgarov Tağıyev/Тагиев/Taghiyev
  Nağıyev/Нагиев/Naghiyev Zeynalov/Зейналов/Zeynalov Novruzov/Новрузов/Novruzov Bayramov/Байрамов/Bayramov
  Qurbanov/Гурбанов/Gurbanov Ramazanov/Рамазанов/Ramazanov Mehdiyev/Мехтиев/Mehdiyev Musayev/Мусаев/Musayev
  İsayev/Исаев/Isayev Yaqubov/Ягубов/Yagubov Eyvazov/Эйвазов/Eyvazov Fətullayev/Фатуллаев/Fatullayev
  Göyüşov/Геюшов/Goyushov Cabbarov/Джаббаров/Jabbarov Cavadov/Джавадов/Javadov Cəlilov/Джалилов/Jalilov
  Xudiyev/Худиев/Khudiyev Xasıyev/Хасыев/Khasiyev Kazımov/Казымов/Kazimov Lətifov/Латифов/Latifov
  Manafov/Манафов/Manafov Nəbiyev/Набиев/Nabiyev Ömərov/Омаров/Omarov Paşayev/Пашаев/Pashayev
  Pənahov/Панахов/Panahov Rəsulov/Расулов/Rasulov Salmanov/Салманов/Salmanov Səmədov/Самедов/Samadov
  Şərifov/Шарифов/Sharifov Şükürov/Шукюров/Shukurov Talıbov/Талыбов/Talibov Umudov/Умудов/Umudov
  Vahabov/Вагабов/Vahabov Zamanov/Заманов/Zamanov Zülfüqarov/Зульфугаров/Zulfugarov Əkbərov/Акперов/Akbarov
  Ələkbərov/Алекперов/Alakbarov Əmirov/Амиров/Amirov Əzizov/Азизов/Azizov İmanov/Иманов/Imanov
  İskəndərov/Искендеров/Isgandarov Allahverdiyev/Аллахвердиев/Allahverdiyev Dadaşov/Дадашов/Dadashov
  Fərzəliyev/Фарзалиев/Farzaliyev Həmidov/Гамидов/Hamidov Kamilov/Камилов/Kamilov Mahmudov/Махмудов/Mahmudov
  Muradov/Мурадов/Muradov Nəcəfov/Наджафов/Najafov Osmanov/Османов/Osmanov Cəbrayılov/Джабраилов/Jabrayilov
  Seyidov/Сеидов/Seyidov Tahirov/Тагиров/Tahirov Vəzirov/Везиров/Vazirov Ələsgərov/Алескеров/Alasgarov
  Nəzərov/Назаров/Nazarov Balayev/Балаев/Balayev Daşdəmirov/Дашдамиров/Dashdamirov Bədəlov/Бадалов/Badalov`)

/** The same for men and women. */
export const AZ_PLAIN_SURNAMES = spellings(`
  Məmmədli/Мамедли/Mammadli Həsənli/Гасанлы/Hasanli Hüseynli/Гусейнли/Huseynli Əhmədli/Ахмедли/Ahmadli
  Quluzadə/Гулузаде/Guluzade Əlizadə/Ализаде/Alizade Məmmədzadə/Мамедзаде/Mammadzade Axundov/Ахундов/Akhundov
  Rəsulzadə/Расулзаде/Rasulzade İbrahimli/Ибрагимли/Ibrahimli Kərimli/Керимли/Karimli Cəfərli/Джафарли/Jafarli
  Şıxəliyev/Шихалиев/Shikhaliyev Qəhrəmanlı/Гахраманлы/Gahramanli Əsədli/Асадлы/Asadli Mirzəzadə/Мирзазаде/Mirzazade
  Abbaszadə/Аббасзаде/Abbaszade Babazadə/Бабазаде/Babazade Qasımlı/Гасымлы/Gasimli Nəsibli/Насибли/Nasibli
  Tağızadə/Тагизаде/Taghizade Vəlizadə/Велизаде/Valizade Səfərli/Сафарли/Safarli Quliyeva-Nağı/Гулиева-Наги/Guliyeva-Naghi`)

export const AZ_MEN = spellings(`
  Rauf/Рауф/Rauf Elçin/Эльчин/Elchin Vüqar/Вугар/Vugar Cavid/Джавид/Javid Kamran/Кямран/Kamran Ramil/Рамиль/Ramil
  Tural/Турал/Tural Orxan/Орхан/Orkhan Fərid/Фарид/Farid Rəşad/Рашад/Rashad Nicat/Ниджат/Nijat Emin/Эмин/Emin
  Anar/Анар/Anar Elnur/Эльнур/Elnur Samir/Самир/Samir Ceyhun/Джейхун/Jeyhun Çingiz/Чингиз/Chingiz Murad/Мурад/Murad
  Yusif/Юсиф/Yusif Həsən/Гасан/Hasan Hüseyn/Гусейн/Huseyn Əli/Али/Ali Məhəmməd/Магомед/Muhammad İlqar/Ильгар/Ilgar
  Natiq/Натиг/Natig Azər/Азер/Azer Şahin/Шахин/Shahin Sənan/Санан/Sanan Toğrul/Тогрул/Togrul Zaur/Заур/Zaur
  Xəyal/Хаял/Khayal Bəhruz/Бахруз/Bahruz Fuad/Фуад/Fuad Eldar/Эльдар/Eldar İbrahim/Ибрагим/Ibrahim Rövşən/Ровшан/Rovshan
  Vasif/Васиф/Vasif Şamil/Шамиль/Shamil Mübariz/Мубариз/Mubariz Ağasəlim/Агасалим/Aghasalim Qorxmaz/Горхмаз/Gorkhmaz`)

export const AZ_WOMEN = spellings(`
  Günel/Гюнель/Gunel Aygün/Айгюн/Aygun Leyla/Лейла/Leyla Nərgiz/Наргиз/Nargiz Zəhra/Захра/Zahra Gülnar/Гюльнар/Gulnar
  Sevinc/Севиндж/Sevinj Aytən/Айтен/Aytan Nigar/Нигяр/Nigar Fidan/Фидан/Fidan Lalə/Лала/Lala Könül/Кёнуль/Konul
  Xədicə/Хадиджа/Khadija Fatimə/Фатима/Fatima Ülviyyə/Ульвия/Ulviyya Jalə/Жаля/Jala Çinarə/Чинара/Chinara
  Şəbnəm/Шабнам/Shabnam Nuranə/Нурана/Nurana Gülçin/Гюльчин/Gulchin Turanə/Турана/Turana Səbinə/Сабина/Sabina
  Vəfa/Вафа/Vafa İradə/Ирада/Irada Rəna/Рена/Rana Arzu/Арзу/Arzu Mədinə/Мадина/Madina Aysel/Айсель/Aysel
  Qönçə/Гёнча/Goncha Afaq/Афаг/Afag Səidə/Саида/Saida Esmira/Эсмира/Esmira Xuraman/Хураман/Khuraman Dilbər/Дильбар/Dilbar`)

/** For men; women: -ов, -ев, -ин add -а, -ский becomes -ская. */
export const RU_SURNAMES = words(`
  Иванов Петров Сидоров Смирнов Кузнецов Попов Васильев Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев
  Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв
  Борисов Яковлев Григорьев Романов Воробьёв Сергеев Фролов Александров Дмитриев Королёв Гусев Киселёв Ильин Максимов
  Поляков Сорокин Виноградов Ковалёв Белов Медведев Антонов Тарасов Жуков Баранов Филиппов Комаров Давыдов Беляев
  Герасимов Богданов Осипов Матвеев Титов Марков Миронов Крылов Куликов Карпов Власов Мельников Денисов Гаврилов
  Тихонов Казаков Афанасьев Данилов Савельев Тимофеев Фомин Чернов Абрамов Мартынов Ефимов Щербаков Назаров Калинин
  Чернышёв Быков Маслов Родионов Коновалов Лазарев Воронин Климов Филатов Пономарёв Голубев Кудрявцев Прохоров Наумов
  Потапов Журавлёв Овчинников Трофимов Леонов Соболев Ермаков Колесников Гончаров Емельянов Никифоров Грачёв Котов
  Гришин Ефремов Архипов Громов Кириллов Малышев Панов Моисеев Румянцев Акимов Кондратьев Бирюков Горбунов Анисимов
  Ерёмин Тихомиров Галкин Лукьянов Михеев Скворцов Юдин Белоусов Нестеров Симонов Прокофьев Харитонов Князев Цветков
  Левин Митрофанов Воронов Аксёнов Софронов Мальцев Логинов Горшков Савин Краснов Майоров Демидов Елисеев Рыбаков
  Сафонов Плотников Демин Хохлов Фадеев Молчанов Игнатов Литвинов Ершов Ушаков Дементьев Рябов Мухин Калашников Леонтьев
  Лобанов Кузин Корнеев Евдокимов Бородин Платонов Некрасов Балашов Бобров Жданов Блинов Игнатьев Коротков Муравьёв Крюков
  Беляков Богомолов Дроздов Лавров Зуев Петухов Ларин Никулин Серов Терентьев Зотов Устинов Фокин Самойлов Константинов
  Сахаров Шишкин Самсонов Черкасов Чистяков Носов Спиридонов Карасёв Авдеев Воронцов Зверев Владимиров Селезнёв Нечаев
  Кудряшов Седов Фирсов Андрианов Панфилов Головин Терехов Ульянов Шестаков Агеев Никонов Селиванов Баженов Гордеев
  Кожевников Пахомов Зимин Костин Широков Филимонов Ларионов Овсянников Сазонов Суворов Нефёдов Корнилов Любимов Львов
  Горбачёв Копылов Лукин Токарев Кулешов Шилов Большаков Панкратов Родин Шаповалов Покровский Достоевский Чайковский
  Белинский Вишневский Островский Соловьевский Жуковский Каменский Ягодкин Юрьев Щукин Цыганов Хлебников Шубин Чижов`)

export const RU_MEN = words(`
  Александр Алексей Андрей Антон Артём Борис Вадим Валерий Василий Виктор Виталий Владимир Вячеслав Геннадий Георгий
  Григорий Дмитрий Евгений Егор Иван Игорь Илья Кирилл Константин Леонид Максим Михаил Никита Николай Олег Павел Пётр
  Роман Руслан Сергей Станислав Степан Тимофей Фёдор Юрий Ярослав Эдуард Яков Арсений Захар`)

export const RU_WOMEN = words(`
  Александра Алина Алла Анастасия Анна Валентина Валерия Вера Виктория Галина Дарья Диана Евгения Екатерина Елена
  Елизавета Жанна Зинаида Инна Ирина Карина Кристина Ксения Лариса Лидия Любовь Людмила Маргарита Марина Мария Надежда
  Наталья Нина Оксана Ольга Полина Раиса Светлана София Тамара Татьяна Ульяна Эльвира Юлия Яна`)

/** A father's name, for sons; daughters: -ович becomes -овна, -евич -евна, -ич -инична. */
export const RU_PATRONYMICS = words(`
  Александрович Алексеевич Андреевич Борисович Васильевич Викторович Владимирович Геннадьевич Григорьевич Дмитриевич
  Евгеньевич Иванович Игоревич Константинович Михайлович Николаевич Олегович Павлович Петрович Романович Сергеевич
  Степанович Фёдорович Юрьевич Яковлевич Анатольевич Леонидович Максимович`)

export const WEST_FIRST = words(`
  André Béatrice Chloé Zoë François Hélène Jérôme José María Ángel Sofía Inés Nuño Begoña Íñigo Jürgen Jörg Käthe Günther
  Björn Søren Åsa Øyvind Märta Łukasz Małgorzata Zdzisława Tomáš Jiří Žofie Šárka João Conceição Antônio Ana Peter Paul
  Laura Emma Noah Oliver Sarah Martin Julia Thomas Christine Stefan Michael Barbara Sophie Walter Ingrid Niels Erik Róża
  Renée Gaëlle Loïc Anaïs Raúl Óscar Mónica Verónica Ramón Agnès Jean-Luc Anne-Marie`)

export const WEST_LAST = words(`
  Müller Schröder Weiß Groß Strauß Böhm Köhler Krüger Schäfer Jäger König Lang Kaiser Fuchs Scholz Möller Großmann Preuß
  García Muñoz Peña Núñez Ibáñez Fernández González Rodríguez Martínez Hernández Ordóñez Castaño Gómez Pérez Díaz Vázquez
  Lefèvre Dupré Béranger Côté Lévêque Gérard Françoise Desprès Châtelain Beauvoir Leclerc Moreau Dubois Fontaine Rousseau
  Sørensen Jørgensen Kjær Nørgaard Håkansson Ångström Öberg Lindström Sjögren Bergström Åkesson Hansen Nielsen Larsen
  Wałęsa Łukasiewicz Wójcik Kowalczyk Zieliński Wiśniewski Dąbrowski Nowák Dvořák Černý Novotný Procházka Kučera Svoboda
  Gonçalves Magalhães Araújo Simões Conceição Silva Santos Smith Johnson Brown Taylor Wilson Thompson Anderson O'Brien
  O’Connor McDonald Wright Phillips Baker Shaw Whitfield Ashworth Sutherland Fitzgerald Blackwood Hawthorne Pemberton`)
